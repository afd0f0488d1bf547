using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Glissade.Input;
using Glissade.Learning.Data;
using Glissade.Tests;

namespace Glissade.Learning.Tests.Data;

public sealed class CsvTableTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Reads_names_and_cells_with_any_line_end_and_trailing_blank_lines(string mark)
    {
        foreach (string end in new[] { "\n", "\r\n", "\r" })
        {
            CsvTable table = CsvTable.Read(_folder.Write($"{mark}a, b ,\"c,\"{end}1,x,\"u,\"\"v\"\"\"{end}-2.5e1, y,{end}{end}{end}"));
            Assert.Equal(["a", "b", "c,"], table.ColumnNames);
            Assert.Equal(2, table.RowCount);
            Assert.Equal([1f, -25f], table.Numbers(0));
            Assert.Equal("u,\"v\"", table.Text(0, 2));
            Assert.Equal("", table.Text(1, 2));
            Assert.True(table.IsNumeric(0));
            Assert.False(table.IsNumeric(1));
            Assert.Equal((2, 5), table.PlaceOf(0, 2));
            Assert.Equal((3, 11), table.PlaceOf(1, 2));
        }
    }

    [Theory]
    [InlineData("", 1, 1, "an empty file")]
    [InlineData("\uFEFF", 1, 1, "an empty file")]
    [InlineData("\na,b\n1,2\n", 1, 1, "a blank line")]
    [InlineData("1,2\n3,4\n", 1, 1, "a first line of numbers, '1,2'")]
    [InlineData("a,b\n", 2, 1, "the end of the file")]
    [InlineData("a,b\n\n\n", 2, 1, "the end of the file")]
    [InlineData("a,b,a\n1,2,3\n", 1, 5, "'a', already the name of column 1")]
    [InlineData("a,,b\n1,2,3\n", 1, 3, "an empty column name")]
    [InlineData("a,b,c\n1,2,3\n4,5\n", 3, 1, "a row of 2 fields")]
    [InlineData("a,b,c\n1,2,3\n4,5,6,7\n", 3, 7, "a row of 4 fields")]
    [InlineData("a,b\n1,2\n\n3,4\n", 3, 1, "a blank line between rows")]
    [InlineData("a\n1\n\n3\n", 3, 1, "a blank line between rows")]
    [InlineData("a,b\n1,x\"y\n", 2, 3, "'x\"y'")]
    [InlineData("a,b\n1,\"xy\"z\n", 2, 3, "'\"xy\"z'")]
    [InlineData("a,b\n1,\"xy\" \n", 2, 3, "'\"xy\" '")]
    [InlineData("a,b\n1,2\n3,\"open\n4,5\n", 3, 3, "'\"open\\n4,5'")]
    [InlineData("a,b\n1,2\n3,\"", 3, 3, "'\"'")]
    [InlineData("a,b\n1,\"b\"\"", 2, 3, "'\"b\"\"'")]
    [InlineData("a;b\n1;2\n", 1, 2, "';' and no comma")]
    [InlineData("a\tb\n1\t2\n", 1, 2, "'\\t' and no comma")]
    [InlineData("a,b\n\"one\ntwo\",1\n2\n", 4, 1, "a row of 1 field")]
    [InlineData("a,b\n1,2\n3,\0\n", 3, 3, "a zero byte")]
    public void Faults_are_named_with_their_place(string text, int line, int column, string found)
    {
        string path = _folder.Write(text);
        InputException fault = Assert.Throws<InputException>(() => CsvTable.Read(path));
        InputProblem problem = Assert.Single(fault.Problems);
        Assert.Equal((path, line, column, found), (problem.Path, problem.Line, problem.Column, problem.Found));
        Assert.Equal($"{path}:{line}:{column}: found {found}, expected {problem.Expected}", fault.Message);
    }

    [Fact]
    public void Bytes_that_are_not_text_are_refused()
    {
        InputException fault = Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write([.. "a,b\n1,é"u8, 0xff, .. "\n"u8])));
        InputProblem problem = Assert.Single(fault.Problems);
        Assert.Equal((2, 4), (problem.Line, problem.Column));
        Assert.Contains("0xff", problem.Found);
        Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write(Encoding.Unicode.GetBytes("a,b\n1,2\n"))));
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData('|')]
    [InlineData('#')]
    public void Other_characters_may_stand_between_fields(char delimiter)
    {
        string text = "a|b, c|\"d|\"\"\"\r\n1,5|x|\"u|\r\nv\"\r\n-2,5e1|,|\"\"\"\"|".Replace('|', delimiter);
        var format = new CsvFormat { Delimiter = delimiter, DecimalSeparator = ',' };
        CsvTable table = CsvTable.Read(_folder.Write(text[..^1] + "\n"), format);
        Assert.Equal(["a", "b, c", $"d{delimiter}\""], table.ColumnNames);
        Assert.Equal([1.5f, -25f], table.Numbers(0));
        Assert.Equal(["x", $"u{delimiter}\r\nv", ",", "\""], (string[])[table.Text(0, 1), table.Text(0, 2), table.Text(1, 1), table.Text(1, 2)]);
        Assert.Equal((2, 7), table.PlaceOf(0, 2));
        Assert.Equal((4, 10), table.PlaceOf(1, 2));

        InputProblem row = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write(text), format)).Problems);
        Assert.Equal((4, 15, "a row of 4 fields"), (row.Line, row.Column, row.Found));
        InputProblem header = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write("a,b\n1,2\n"), format)).Problems);
        Assert.Equal((1, 2), (header.Line, header.Column));
        Assert.StartsWith("',' and no ", header.Found);
        InputProblem point = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write("a\n1.5\n"), format).Numbers(0)).Problems);
        Assert.Equal((2, 1, "'1.5'"), (point.Line, point.Column, point.Found));
    }

    [Fact]
    public void A_byte_order_mark_says_how_characters_are_written()
    {
        const string text = "é,𝛼\n\"ü\n,\",1\n";
        foreach (CsvEncoding encoding in Enum.GetValues<CsvEncoding>())
        {
            foreach (Encoding marked in new Encoding[] { new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true) })
            {
                CsvTable table = CsvTable.Read(_folder.Write([.. marked.GetPreamble(), .. marked.GetBytes(text)]), new CsvFormat { Encoding = encoding });
                Assert.Equal(["é", "𝛼"], table.ColumnNames);
                Assert.Equal("ü\n,", table.Text(0, 0));
                Assert.Equal((3, 4), table.PlaceOf(0, 1));
                Assert.Equal([1f], table.Numbers(1));
            }
        }

        var latin = new CsvFormat { Encoding = CsvEncoding.Latin1 };
        Assert.Equal(["é", "ÿ"], CsvTable.Read(_folder.Write([0xe9, (byte)',', 0xff, .. "\n1,2\n"u8]), latin).ColumnNames);
        Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write([0xe9, (byte)',', 0xff, .. "\n1,2\n"u8])));
    }

    [Theory]
    [InlineData("a,b\n1,<x\n", 0, 2, 3, "half a character")]
    [InlineData("a,\ufffd\n1,x>\n", 0, 2, 4, "half a character")]
    [InlineData("a,b\n1,2\n", 1, 3, 1, "half a character")]
    [InlineData("a,b\n1,\0\n", 0, 2, 3, "a zero byte")]
    public void What_is_not_UTF_16_is_named_with_its_place(string text, int more, int line, int column, string found)
    {
        // An attribute cannot hold half a character.
        text = text.Replace('<', '\ud835').Replace('>', '\udc00');
        foreach (bool isBigEndian in new[] { false, true })
        {
            byte[] bytes = [.. isBigEndian ? [0xfe, 0xff] : (byte[])[0xff, 0xfe], .. text.SelectMany(c => isBigEndian ? new[] { (byte)(c >> 8), (byte)c } : [(byte)c, (byte)(c >> 8)]), .. new byte[more]];
            InputProblem problem = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write(bytes))).Problems);
            Assert.Equal((line, column, found), (problem.Line, problem.Column, problem.Found));
        }
    }

    [Fact]
    public void A_format_that_cannot_be_is_refused()
    {
        foreach (char delimiter in "a1\"'+-. \n\r\0é")
        {
            Assert.Throws<ArgumentException>(() => new CsvFormat { Delimiter = delimiter });
        }

        Assert.Throws<ArgumentException>(() => new CsvFormat { DecimalSeparator = ';' });
        Assert.Throws<ArgumentException>(() => CsvTable.Read(_folder.Write("a\n1\n"), new CsvFormat { DecimalSeparator = ',' }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CsvTable.Read(_folder.Write("a\n1\n"), new CsvFormat { Encoding = (CsvEncoding)7 }));
    }

    [Fact]
    public void Numbers_with_decimal_commas_are_no_header_either()
    {
        var format = new CsvFormat { Delimiter = ';', DecimalSeparator = ',' };
        InputProblem header = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write("1,5;2\n3,5;4\n"), format)).Problems);
        Assert.Equal((1, 1, "a first line of numbers, '1,5;2'"), (header.Line, header.Column, header.Found));
    }

    [Theory]
    [InlineData("0,5", ';', '.', "a number in column 'a' with a point before its decimals, or the other decimal separator named")]
    [InlineData("-1.5e3", ';', ',', "a number in column 'a' with a comma before its decimals, or the other decimal separator named")]
    [InlineData("\"0,5\"", ',', '.', "a number in column 'a' (features")]
    [InlineData("1.234,5", ';', '.', "a number in column 'a' (features")]
    [InlineData("a,b", ';', '.', "a number in column 'a' (features")]
    [InlineData("1,2,3", ';', '.', "a number in column 'a' (features")]
    public void A_number_with_the_other_decimal_separator_is_told_so(string cell, char delimiter, char separator, string expected)
    {
        CsvTable table = CsvTable.Read(_folder.Write($"a\n{cell}\n"), new CsvFormat { Delimiter = delimiter, DecimalSeparator = separator });
        Assert.StartsWith(expected, Assert.Single(Assert.Throws<InputException>(() => table.Numbers(0)).Problems).Expected);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Equal("no such file", Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.File("none.csv"))).Problems).Found);
        Assert.Equal("no such file", Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.File("none/none.csv"))).Problems).Found);
        Assert.Equal("a directory", Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Path)).Problems).Found);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,oops\n", 3, 3, "'oops'")]
    [InlineData("a,b\n1,2\n3,\n", 3, 3, "an empty cell")]
    [InlineData("a,b\n1,NaN\n", 2, 3, "'NaN'")]
    [InlineData("a,b\n1,Infinity\n", 2, 3, "'Infinity'")]
    [InlineData("a,b\n1,1e39\n", 2, 3, "'1e39'")]
    [InlineData("a,b\n1,\"1,5\"\n", 2, 3, "'1,5'")]
    [InlineData("a,b\n1,0x10\n", 2, 3, "'0x10'")]
    [InlineData("a,b\n\"line\nbreak\",1\n\"a\r\nb\rc\",oops\n", 6, 4, "'oops'")]
    public void A_cell_that_is_no_number_is_named_with_its_place(string text, int line, int column, string found)
    {
        InputException fault = Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write(text)).Numbers(1));
        InputProblem problem = Assert.Single(fault.Problems);
        Assert.Equal((line, column, found), (problem.Line, problem.Column, problem.Found));
        Assert.Contains("column 'b'", problem.Expected);
    }

    [Fact]
    public void Numbers_are_read_to_the_nearest_float()
    {
        CsvTable table = CsvTable.Read(_folder.Write("a\n 0.1 \n+1\n-0\n1e-50\n3.4028235e38\n\"7\"\n.5\n"));
        Assert.Equal([0.1f, 1f, -0f, 0f, float.MaxValue, 7f, 0.5f], table.Numbers(0));
    }

    [Fact]
    public void An_unknown_column_brings_the_nearest_name()
    {
        InputException fault = Assert.Throws<InputException>(() => CsvTable.Read(TestFolder.Data("digits.csv")).IndexOf("digi"));
        Assert.Contains("found no column 'digi'", fault.Message);
        Assert.EndsWith("did you mean 'digit'?", fault.Message);
    }

    [Fact]
    public void What_is_quoted_comes_back_as_it_was()
    {
        // Any text without zero bytes and broken surrogates survives quoting, and every cell knows where it begins.
        Gen<string> cell = Gen.Elements("", "a", "\"", ",", "\n", "\r\n", "é", "𝛼", "'", " ", "1").ListOf(6).Select(string.Concat);
        Prop.ForAll(Gen.Two(cell).ListOf(5).ToArbitrary(), rows =>
        {
            (string, string)[] cells = [.. rows.Select(row => (row.Item1, row.Item2))];
            string text = "first,second\r\n" + string.Concat(cells.Select(row => $"{Quoted(row.Item1)},{Quoted(row.Item2)}\r\n"));
            CsvTable table = CsvTable.Read(_folder.Write(text));
            Assert.Equal(cells, Enumerable.Range(0, table.RowCount).Select(row => (table.Text(row, 0), table.Text(row, 1))));
            string[] lines = text.Split('\n');
            for (int row = 0; row < table.RowCount; row++)
            {
                (int line, int column) = table.PlaceOf(row, 1);
                Assert.StartsWith(Quoted(cells[row].Item2).Split('\n')[0], lines[line - 1][(column - 1)..]);
            }
        }).Check(FixedRuns.Of(100));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Long_files_are_read_whole_wherever_a_reader_cuts_them(string end)
    {
        // A header that grows by a character moves every place of the records over the ends of a reader's buffers, of characters and of bytes.
        const int Rows = 1000;
        string cell = $"é,𝛼\"{end}x";
        string records = string.Concat(Enumerable.Range(0, Rows).Select(row => $"{row:d4},{Quoted(cell)}{end}"));
        for (int longer = 0; longer <= Encoding.UTF8.GetByteCount(records) / Rows; longer++)
        {
            string text = $"{new string('n', 1 + longer)},second{end}{records}";
            CsvTable table = CsvTable.Read(_folder.Write(text));
            Assert.Equal(Enumerable.Range(0, Rows).Select(row => (float)row), table.Numbers(0));
            Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal((cell, ((2 * row) + 2, 6)), (table.Text(row, 1), table.PlaceOf(row, 1))));

            InputProblem fault = Assert.Single(Assert.Throws<InputException>(() => CsvTable.Read(_folder.Write([.. Encoding.UTF8.GetBytes(text), 0xc3, 0xa9, 0xc3]))).Problems);
            Assert.Equal(((2 * Rows) + 2, 2), (fault.Line, fault.Column));
            Assert.Contains("0xc3", fault.Found);
        }
    }

    [Fact]
    public void Any_bytes_give_a_table_or_a_clean_fault() =>
        Prop.ForAll(Gen.Elements((byte)'a', (byte)'"', (byte)',', (byte)'\n', (byte)'\r', (byte)'1', (byte)0xc3, (byte)0xa9, (byte)' ').ArrayOf().ToArbitrary(), bytes =>
        {
            string path = _folder.Write(bytes);
            try
            {
                CsvTable table = CsvTable.Read(path);
                for (int column = 0; column < table.ColumnNames.Length; column++)
                {
                    table.Numbers(column);
                }
            }
            catch (InputException fault)
            {
                Assert.StartsWith($"{path}:{fault.Problems[0].Line}", fault.Message);
            }
        }).Check(FixedRuns.Of(1000));

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"")}\"";
}
