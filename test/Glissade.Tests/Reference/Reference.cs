using System.Text.Json;

namespace Glissade.Tests;

/// <summary>Figures that other libraries computed, embedded in the test assembly.</summary>
internal static class Reference
{
    public static JsonDocument Read(string name)
    {
        using Stream stream = typeof(Reference).Assembly.GetManifestResourceStream(name)!;
        return JsonDocument.Parse(stream);
    }
}
