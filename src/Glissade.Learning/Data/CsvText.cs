using System.Text;
using System.Text.Unicode;
using Glissade.Input;
using Glissade.Learning.Files;

namespace Glissade.Learning.Data;

/// <summary>Reads the text of a CSV file as UTF-8, however it is written.</summary>
internal static class CsvText
{
    private const string ExpectedFile = "a text file of separated values";

    /// <summary>The text without a byte order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">How it is written, unless a byte order mark says otherwise.</param>
    /// <exception cref="InputException">The file cannot be read, or is no such text.</exception>
    public static byte[] ReadUtf8(string path, CsvEncoding encoding)
    {
        if (!Enum.IsDefined(encoding))
        {
            throw new ArgumentOutOfRangeException(nameof(encoding), encoding, $"The encoding of a CSV file must be one of {string.Join(", ", Enum.GetNames<CsvEncoding>())}.");
        }

        byte[] bytes = SourceFile.ReadAllBytes(path, ExpectedFile), text = bytes switch
        {
            [0xef, 0xbb, 0xbf, ..] => RequireUtf8(path, bytes[3..]),
            [0xff, 0xfe, ..] => FromUtf16(path, bytes, isBigEndian: false),
            [0xfe, 0xff, ..] => FromUtf16(path, bytes, isBigEndian: true),
            _ when encoding == CsvEncoding.Latin1 => Encoding.Convert(Encoding.Latin1, Encoding.UTF8, bytes),
            _ => RequireUtf8(path, bytes),
        };
        int zero = text.AsSpan().IndexOf((byte)0);
        return zero < 0 ? text : throw NotText(path, text.AsSpan(0, zero), "a zero byte", "");
    }

    private static byte[] RequireUtf8(string path, byte[] bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return bytes;
        }

        int wrong = 0;
        while (Rune.DecodeFromUtf8(bytes.AsSpan(wrong), out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            wrong += length;
        }

        throw NotText(path, bytes.AsSpan(0, wrong), $"the byte 0x{bytes[wrong]:x2}, which is not UTF-8", " in UTF-8, or in UTF-16 with a byte order mark");
    }

    private static byte[] FromUtf16(string path, byte[] bytes, bool isBigEndian)
    {
        var strict = new UnicodeEncoding(isBigEndian, byteOrderMark: true, throwOnInvalidBytes: true);
        try
        {
            return Encoding.Convert(strict, Encoding.UTF8, bytes, 2, bytes.Length - 2);
        }
        catch (DecoderFallbackException)
        {
            // Replaced by U+FFFD here, of which the first that was not there before is the place.
            string text = new UnicodeEncoding(isBigEndian, byteOrderMark: true).GetString(bytes, 2, bytes.Length - 2);
            int wrong = 0;
            while (wrong < text.Length && (text[wrong] != '\ufffd' || IsWritten(bytes, wrong, isBigEndian)))
            {
                wrong++;
            }

            throw NotText(path, Encoding.UTF8.GetBytes(text, 0, wrong), "half a character", " in UTF-16, as its byte order mark says");
        }
    }

    private static bool IsWritten(byte[] bytes, int character, bool isBigEndian)
    {
        int at = 2 + (2 * character);
        return at + 1 < bytes.Length && (isBigEndian ? (bytes[at], bytes[at + 1]) : (bytes[at + 1], bytes[at])) == (0xff, 0xfd);
    }

    private static InputException NotText(string path, ReadOnlySpan<byte> before, string found, string encoding)
    {
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new InputException(new InputProblem(path, before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1, found, ExpectedFile + encoding));
    }
}
