using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Glissade.Input;
using Glissade.Numerics;

namespace Glissade.Learning.Checkpoints;

/// <summary>The state of a run in a safetensors file: vectors as tensors, numbers as metadata, with a format, the fingerprint of the run and a digest of it all.</summary>
/// <remarks>Doubles are written so that they read back to the bit. Nothing in a file depends on time or machine: equal states give equal bytes.</remarks>
internal sealed class StateFile
{
    private const string FormatKey = "format", FingerprintKey = "fingerprint", DigestKey = "digest";
    private readonly string _kind;

    private StateFile(SafetensorsFile file, string kind) => (File, _kind) = (file, kind);

    /// <summary>The file as it was read.</summary>
    public SafetensorsFile File { get; }

    /// <summary>Writes a state, whole or not at all.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="format">The name of the format, which decides what is in the file.</param>
    /// <param name="fingerprint">Tells runs apart: a state is only read into a run with the same one.</param>
    /// <param name="tensors">The vectors.</param>
    /// <param name="metadata">The numbers as texts; format, fingerprint and digest are added.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, string format, string fingerprint, IReadOnlyList<NamedTensor> tensors, Dictionary<string, string> metadata)
    {
        metadata[FormatKey] = format;
        metadata[FingerprintKey] = fingerprint;
        metadata[DigestKey] = Digest(tensors, metadata);
        SafetensorsFile.Write(path, tensors, metadata);
    }

    /// <summary>Reads a state and checks that it is whole, of the format and of the run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">As it was written.</param>
    /// <param name="fingerprint">As it was written.</param>
    /// <param name="kind">What the state is of, as a phrase behind "the state of".</param>
    /// <exception cref="InputException">The file is missing or damaged, or belongs to another run; the message says which.</exception>
    public static StateFile Read(string path, string format, string fingerprint, string kind)
    {
        var state = new StateFile(SafetensorsFile.Read(path), kind);
        if (state.Text(FormatKey) != format)
        {
            throw new InputException(new InputProblem(path, $"a file of the format '{state.Text(FormatKey)}'", $"a checkpoint of the format '{format}'"));
        }

        if (state.Text(DigestKey) != Digest(state.File.Tensors, state.File.Metadata))
        {
            throw new InputException(new InputProblem(path, "contents that do not match their digest", "a checkpoint as it was written; this one was changed or damaged"));
        }

        return state.Text(FingerprintKey) == fingerprint
            ? state
            : throw new InputException(new InputProblem(path, "the state of another experiment", "the state of this one; a changed experiment starts a new run"));
    }

    /// <summary>A whole number as text.</summary>
    public static string Show(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number as text that reads back to the bit.</summary>
    public static string Show(double value) => ExactNumber.Show(value);

    /// <summary>Whether a text is there.</summary>
    public bool Has(string key) => File.Metadata.ContainsKey(key);

    /// <summary>A text of the metadata.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public string Text(string key) => File.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new InputException(new InputProblem(File.Path, $"a checkpoint without '{key}'", $"the state of {_kind}"));

    /// <summary>A finite number of the metadata.</summary>
    /// <exception cref="InputException">It is not there, or is none.</exception>
    public double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
        ? value
        : throw new InputException(new InputProblem(File.Path, $"'{Text(key)}' as '{key}'", "a finite number"));

    /// <summary>A count of the metadata, from 0 to the most that there may be.</summary>
    /// <exception cref="InputException">It is not there, or is none.</exception>
    public long Count(string key, long most = long.MaxValue) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= most
        ? value
        : throw new InputException(new InputProblem(File.Path, $"'{Text(key)}' as '{key}'", $"a whole number from 0 to {most}"));

    /// <summary>A tensor of a type and a shape.</summary>
    /// <exception cref="InputException">It is not there, or has another type or shape.</exception>
    public static NamedTensor Tensor(SafetensorsFile file, string name, StoredType type, Shape shape)
    {
        if (!file.Contains(name))
        {
            throw new InputException(new InputProblem(file.Path, $"no tensor '{name}'", $"one of the shape {shape}"));
        }

        NamedTensor tensor = file[name];
        return tensor.Type == type && tensor.Shape == shape
            ? tensor
            : throw new InputException(new InputProblem(file.Path, $"'{name}' as {tensor.Type}{tensor.Shape}", $"{type}{shape}"));
    }

    /// <summary>SHA-256 of all that a file says, so that a flipped bit is found before it becomes a result.</summary>
    private static string Digest(IEnumerable<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in metadata.Where(m => m.Key != DigestKey).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key}\0{value}\0"));
        }

        foreach (NamedTensor tensor in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\0{tensor.Type}\0{tensor.Shape}\0"));
            hash.AppendData(tensor.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
