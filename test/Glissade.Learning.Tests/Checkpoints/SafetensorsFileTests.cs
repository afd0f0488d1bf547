using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Glissade.Input;
using Glissade.Learning.Checkpoints;
using Glissade.Numerics;
using Glissade.Tests;

namespace Glissade.Learning.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_are_those_of_the_format_description()
    {
        const string Header = """{"__metadata__":{"a":"é","b":"+\""},"z":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""";
        int padding = (8 - (Encoding.UTF8.GetByteCount(Header) % 8)) % 8;
        byte[] header = [.. Encoding.UTF8.GetBytes(Header + new string(' ', padding))];
        byte[] expected =
        [
            (byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. header,
            0, 0, 0, 0, 0, 0, 0xf0, 0x3f, // 1.0
            0, 0, 0, 0x40, 0, 0, 0xc0, 0xbf, // 2.0f, -1.5f
        ];
        Assert.True(padding > 0 && header.Length < 256);
        SafetensorsFile.Write(Target, Tensors(), new Dictionary<string, string> { ["b"] = "+\"", ["a"] = "é" });
        Assert.Equal(expected, File.ReadAllBytes(Target));
        SafetensorsFile.Write(Target, Tensors().Reverse(), new SortedDictionary<string, string> { ["a"] = "é", ["b"] = "+\"" });
        Assert.Equal(expected, File.ReadAllBytes(Target));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        NamedTensor[] tensors =
        [
            .. Tensors(), NamedTensor.Of("step", Shape.Scalar, [long.MinValue]), NamedTensor.Of("empty", new Shape(0, 3), ReadOnlySpan<float>.Empty),
            .. Enum.GetValues<StoredType>().Select(type => new NamedTensor($"raw {type}", type, new Shape(2), new byte[type == StoredType.BOOL ? 2 : Bytes(type)])),
        ];
        SafetensorsFile.Write(Target, tensors);
        SafetensorsFile file = SafetensorsFile.Read(Target);
        Assert.Equal(tensors.Length, file.Tensors.Length);
        Assert.Empty(file.Metadata);
        foreach (NamedTensor tensor in tensors)
        {
            NamedTensor read = file[tensor.Name];
            Assert.Equal((tensor.Type, tensor.Shape), (read.Type, read.Shape));
            Assert.Equal(tensor.Bytes, read.Bytes);
        }

        Assert.Equal([2f, -1.5f], file["w"].Floats);
        Assert.Equal([1.0], file["z"].Doubles);
        Assert.Equal([long.MinValue], file["step"].Longs);
        Assert.Throws<InvalidOperationException>(() => file["w"].Doubles.Length);
        Assert.EndsWith("did you mean 'step'?", Assert.Throws<InputException>(() => file["stpe"]).Message);
        Assert.False(file.Contains("stpe"));
    }

    [Fact]
    public void A_file_without_tensors_is_a_file()
    {
        SafetensorsFile.Write(Target, []);
        Assert.Equal([8, 0, 0, 0, 0, 0, 0, 0, .. "{}      "u8], File.ReadAllBytes(Target));
        Assert.Empty(SafetensorsFile.Read(Target).Tensors);
    }

    [Fact]
    public void Truncated_at_every_byte_it_is_refused()
    {
        SafetensorsFile.Write(Target, Tensors(), new Dictionary<string, string> { ["kind"] = "test" });
        byte[] whole = File.ReadAllBytes(Target);
        for (int length = 0; length < whole.Length; length++)
        {
            string path = _folder.Write(whole[..length], "cut");
            InputException fault = Assert.Throws<InputException>(() => SafetensorsFile.Read(path));
            Assert.StartsWith($"{path}: found ", fault.Message);
        }

        Assert.Throws<InputException>(() => SafetensorsFile.Read(_folder.Write([.. whole, 0], "long")));
    }

    [Fact]
    public void Flipped_bytes_give_a_file_or_a_clean_fault()
    {
        SafetensorsFile.Write(Target, Tensors(), new Dictionary<string, string> { ["kind"] = "test" });
        byte[] whole = File.ReadAllBytes(Target);
        Gen<(int Position, int Value)> flip = Gen.Two(Gen.Choose(0, int.MaxValue)).Select(pair => (pair.Item1 % whole.Length, pair.Item2 & 0xff));
        Prop.ForAll(flip.NonEmptyListOf().ToArbitrary(), flips =>
        {
            byte[] bytes = [.. whole];
            foreach ((int position, int value) in flips.Take(3))
            {
                bytes[position] = (byte)value;
            }

            ReadOrFault(bytes);
        }).Check(FixedRuns.Of(2000));
        for (int position = 0; position < whole.Length; position++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] bytes = [.. whole];
                bytes[position] ^= (byte)(1 << bit);
                ReadOrFault(bytes);
            }
        }
    }

    [Theory]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("{", "not JSON")]
    [InlineData("{}x", "not JSON")]
    [InlineData("""{"a":1}""", "a description of kind Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "no data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "no shape")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "no dtype")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", "dtype 'F33'")]
    [InlineData("""{"a":{"dtype":"1","shape":[1],"data_offsets":[0,4]}}""", "dtype '1'")]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", "a dtype of kind Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "a shape of kind Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "an axis of length '-1'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "an axis of length '1.5'")]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", "an axis of length '\"1\"'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[100000,100000],"data_offsets":[0,4]}}""", "the shape '[100000,100000]'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[100000,100000,0],"data_offsets":[0,0]}}""", "the shape")]
    [InlineData("""{"a":{"dtype":"F64","shape":[2147483647],"data_offsets":[0,17179869176]}}""", "17179869176 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "4 bytes between its data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "data_offsets '[4,0]'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "data_offsets '[-4,0]'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "data_offsets '[0,4,8]'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "the name 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "a field 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", "a field 'more'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "tensor 'b' at byte 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "tensor 'b' at byte 2")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'a' at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "8 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "8 bytes of data")]
    [InlineData("""{"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "a tensor without a name")]
    [InlineData("""{"__metadata__":[],"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__ of kind Array")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__ 'x' of kind Number")]
    [InlineData("""{"__metadata__":{"x":"1","x":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "__metadata__ 'x' twice")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "text that is not Unicode")]
    public void A_header_that_lies_is_refused(string header, string found) =>
        Assert.Contains(found, Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(Framed(Encoding.UTF8.GetBytes(header)))).Problems).Found);

    [Fact]
    public void Absurd_files_are_refused_without_a_large_allocation()
    {
        byte[] deep = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000));
        byte[] broken = [.. "{\""u8, 0xff, .. "\":1}"u8];
        byte[] huge = new byte[64];
        Array.Fill(huge, (byte)0xff);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("not JSON", Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(Framed(deep))).Problems).Found);
        Assert.Contains("not UTF-8", Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(Framed(broken))).Problems).Found);
        Assert.Contains("18446744073709551615", Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(_folder.Write(huge))).Problems).Found);
        Assert.Equal("no such file", Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(_folder.File("none"))).Problems).Found);
        Assert.Equal("a directory", Assert.Single(Assert.Throws<InputException>(() => SafetensorsFile.Read(_folder.Path)).Problems).Found);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        SafetensorsFile.Write(Target, Tensors());
        byte[] old = File.ReadAllBytes(Target);
        Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(Target, [.. Tensors(), .. Tensors()]));
        Assert.Throws<IOException>(() => SafetensorsFile.Write(Target, Failing()));
        Assert.Equal(old, File.ReadAllBytes(Target));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));

        static IEnumerable<NamedTensor> Failing()
        {
            yield return Tensors()[0];
            throw new IOException("The source of the tensors broke.");
        }
    }

    [Fact]
    public void A_disk_that_fills_up_at_any_byte_leaves_the_old_file()
    {
        File.WriteAllText(Target, "old");
        byte[] header = SafetensorsHeader.Encode(Tensors(), new Dictionary<string, string>());
        for (int room = 0; room < header.Length + 24; room++)
        {
            Assert.Throws<IOException>(() => Learning.Files.AtomicFile.Write(Target, stream => SafetensorsFile.WriteTo(new SmallDisk(stream, room), header, Tensors())));
            Assert.Equal("old", File.ReadAllText(Target));
            Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
        }
    }

    [Fact]
    public void Faults_of_the_caller()
    {
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("a", new Shape(2), [1f]));
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("", new Shape(1), [1f]));
        Assert.Throws<ArgumentException>(() => NamedTensor.Of("__metadata__", new Shape(1), [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NamedTensor("a", (StoredType)99, new Shape(1), [1]));
    }

    private string Target => _folder.File("model.safetensors");

    private static NamedTensor[] Tensors() => [NamedTensor.Of("w", new Shape(1, 2), [2f, -1.5f]), NamedTensor.Of("z", Shape.Scalar, [1.0])];

    private static int Bytes(StoredType type) => 2 * (type.ToString() is "BF16" ? 2 : int.Parse(type.ToString()[1..]) / 8);

    /// <summary>A file of that header and 8 bytes of data.</summary>
    private string Framed(byte[] header)
    {
        var bytes = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        return _folder.Write(bytes, "framed");
    }

    private void ReadOrFault(byte[] bytes)
    {
        string path = _folder.Write(bytes, "flipped");
        try
        {
            Assert.True(SafetensorsFile.Read(path).Tensors.Sum(tensor => tensor.Bytes.Length) <= bytes.Length);
        }
        catch (InputException fault)
        {
            Assert.StartsWith($"{path}: found ", fault.Message);
        }
    }

    /// <summary>Passes bytes on until there is no room.</summary>
    private sealed class SmallDisk(Stream inner, int room) : Stream
    {
        private int _room = room;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int taken = Math.Min(_room, buffer.Length);
            inner.Write(buffer[..taken]);
            _room -= taken;
            if (taken < buffer.Length)
            {
                throw new IOException("No space left on device");
            }
        }
    }
}
