using System.Text;
using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>Files that cannot be opened, or hold no text.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("glissade-reading-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_read_and_named_as_it_was_given()
    {
        string path = Write("a.yaml", Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes("größe: 1\r\nb: x\r\n")).ToArray());
        FileNode root = InputFile.Load(path);
        Assert.Equal("größe", root.Entries[0].Key);
        Assert.Equal(path + ":2:4: found 'x', expected a number", Sample.Message(() => root.Read(n => n.Find("b")!.AsNumber())));
    }

    [Fact]
    public void A_missing_file_brings_its_neighbour_to_mind()
    {
        string digits = Write("digits.yaml", "a: 1"u8.ToArray()), wrong = Path.Combine(_folder, "digts.yaml");
        Assert.Equal($"{wrong}: no such file; did you mean '{digits}'?", Sample.Message(() => InputFile.Load(wrong)));
        Assert.Equal(
            Path.Combine(_folder, "none", "a.yaml") + ": no such file",
            Sample.Message(() => InputFile.Load(Path.Combine(_folder, "none", "a.yaml"))));
    }

    [Fact]
    public void A_folder_is_not_a_file() => Assert.Equal($"{_folder}: found a folder, expected a file", Sample.Message(() => InputFile.Load(_folder)));

    [Fact]
    public void What_is_not_text_is_told_with_its_place()
    {
        string path = Write("a.yaml", [.. "a: 1\nb: "u8, 0xC3, 0x28]);
        Assert.Equal(path + ":2:4: found bytes that are not UTF-8, expected text in UTF-8", Sample.Message(() => InputFile.Load(path)));
        string wide = Write("b.yaml", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a: 1")).ToArray());
        Assert.Equal(wide + ":1:1: found text in UTF-16, expected text in UTF-8", Sample.Message(() => InputFile.Load(wide)));
    }

    [Fact]
    public void A_huge_file_is_not_an_experiment()
    {
        string path = Write("data.csv", new byte[InputFile.SizeLimit + 10]);
        Assert.Equal($"{path}: found a file of 1,048,586 bytes, expected at most 1,048,576; is this the file you meant?", Sample.Message(() => InputFile.Load(path)));
    }

    [Fact]
    public void Reading_with_changes_is_one_call()
    {
        string path = Write("a.yaml", "a: 1"u8.ToArray());
        Assert.Equal(3, InputFile.Read(path, ["a=3"], node => node.Find("a")!.AsNumber()));
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
