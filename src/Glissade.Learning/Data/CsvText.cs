using System.Text;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Opens the text of a CSV file, however it is written.</summary>
internal static class CsvText
{
    private const string ExpectedFile = "a text file of separated values";

    /// <summary>A reader of the text behind the byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">How it is written, unless a byte order mark says otherwise.</param>
    /// <exception cref="InputException">The file cannot be read, or is no such text.</exception>
    public static StreamReader Open(string path, CsvEncoding encoding)
    {
        if (!Enum.IsDefined(encoding))
        {
            throw new ArgumentOutOfRangeException(nameof(encoding), encoding, $"The encoding of a CSV file must be one of {string.Join(", ", Enum.GetNames<CsvEncoding>())}.");
        }

        byte[] bytes = SourceFile.ReadAllBytes(path, ExpectedFile);
        Encoding written = bytes switch
        {
            [0xff, 0xfe, ..] => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
            [0xfe, 0xff, ..] => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
            _ when encoding == CsvEncoding.Latin1 && bytes is not [0xef, 0xbb, 0xbf, ..] => Encoding.Latin1,
            _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        };
        RequireText(path, bytes, written);
        return Reader(bytes, written);
    }

    /// <summary>A reader that passes over the byte order mark of the encoding.</summary>
    private static StreamReader Reader(byte[] bytes, Encoding encoding) => new(new MemoryStream(bytes), encoding, detectEncodingFromByteOrderMarks: false);

    private static void RequireText(string path, byte[] bytes, Encoding encoding)
    {
        using StreamReader reader = Reader(bytes, encoding);
        var part = new char[4096];
        try
        {
            for (int length = reader.Read(part); length > 0; length = reader.Read(part))
            {
                if (part.AsSpan(0, length).Contains('\0'))
                {
                    throw NotText(path, bytes, encoding);
                }
            }
        }
        catch (DecoderFallbackException)
        {
            throw NotText(path, bytes, encoding);
        }
    }

    /// <summary>What to throw for bytes that cannot be decoded or hold a zero character; names the first place of either.</summary>
    private static InputException NotText(string path, byte[] bytes, Encoding encoding)
    {
        int mark = bytes.AsSpan().StartsWith(encoding.Preamble) ? encoding.Preamble.Length : 0;
        string before = TextBeforeFault(bytes.AsSpan(mark), encoding);
        ReadOnlySpan<byte> wrong = bytes.AsSpan(mark + encoding.GetByteCount(before));
        (string found, string expected) = encoding switch
        {
            _ when wrong.StartsWith(encoding.GetBytes("\0")) => ("a zero byte", ""),
            UnicodeEncoding => ("half a character", " in UTF-16, as its byte order mark says"),
            _ => ($"the byte 0x{wrong[0]:x2}, which is not UTF-8", " in UTF-8, or in UTF-16 with a byte order mark, or another encoding named"),
        };
        (int lines, int column) = CsvRecords.PlaceBehind(before);
        return new InputException(new InputProblem(path, lines + 1, column, found, ExpectedFile + expected));
    }

    private static string TextBeforeFault(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        // Byte by byte, since a decoder that throws gives nothing of what it was called with.
        Decoder decoder = encoding.GetDecoder();
        var text = new StringBuilder();
        Span<char> characters = stackalloc char[2];
        try
        {
            for (int at = 0; at < bytes.Length; at++)
            {
                Span<char> next = characters[..decoder.GetChars(bytes.Slice(at, 1), characters, flush: at == bytes.Length - 1)];
                if (next.Contains('\0'))
                {
                    break;
                }

                text.Append(next);
            }
        }
        catch (DecoderFallbackException)
        {
            // This is the place looked for.
        }

        return text.ToString();
    }
}
