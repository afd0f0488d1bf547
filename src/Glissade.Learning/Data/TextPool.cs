using System.Text;

namespace Glissade.Learning.Data;

/// <summary>A growing list of texts kept in one buffer as UTF-8: about the size of the file they came from, instead of an object each.</summary>
internal sealed class TextPool
{
    private byte[] _bytes = new byte[256];
    private int _used;
    private readonly List<int> _ends = [];

    /// <summary>Number of texts.</summary>
    public int Count => _ends.Count;

    /// <summary>Appends a text.</summary>
    /// <param name="text">The text.</param>
    public void Add(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_bytes.Length - _used < most)
        {
            long wanted = Math.Max(_bytes.Length * 2L, (long)_used + most);
            Array.Resize(ref _bytes, (int)Math.Min(wanted, Array.MaxLength));
        }

        _used += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_used));
        _ends.Add(_used);
    }

    /// <summary>The bytes of a text.</summary>
    /// <param name="index">Index of the text from 0.</param>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        int start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }

    /// <summary>A text.</summary>
    /// <param name="index">Index of the text from 0.</param>
    public string Text(int index) => Encoding.UTF8.GetString(Utf8(index));
}
