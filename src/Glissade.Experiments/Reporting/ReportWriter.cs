using System.Net;
using System.Text;

namespace Glissade.Experiments.Reporting;

/// <summary>Writes the report of a run: one HTML file that needs nothing else, no network included.</summary>
public static class ReportWriter
{
    private const string ResourceName = "Glissade.Experiments.Reporting.report.html";
    private const string RunPlace = "<script type=\"application/json\" id=\"run\">__RUN__</script>";
    private const string TitlePlace = "<title>__TITLE__</title>";

    private static readonly Lazy<string?> _page = new(ReadPage);

    /// <summary>
    /// Whether this build carries the page that draws charts. Without it a report holds tables only and says why.
    /// </summary>
    public static bool HasPictures => _page.Value is not null;

    /// <summary>Writes the report. The file appears whole or not at all; an older one is replaced.</summary>
    /// <param name="path">The file to write, usually "report.html". Its folder is made if it is lacking.</param>
    /// <param name="report">What to show. Series of more than 4,000 points are thinned, peaks kept.</param>
    /// <exception cref="ArgumentException">The report contradicts itself; see <see cref="RunReport.Validate"/>.</exception>
    /// <exception cref="IOException">The file could not be written; what stood there before still does.</exception>
    public static void Write(string path, RunReport report)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string html = Render(report);
        string whole = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(whole)
            ?? throw new ArgumentException($"'{path}' names no file.", nameof(path));
        Directory.CreateDirectory(folder);
        // In the same folder, because only within one file system a rename is one step.
        string unfinished = Path.Combine(folder, $".{Path.GetFileName(whole)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (FileStream stream = new(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(Encoding.UTF8.GetBytes(html));
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, whole, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>The report as the text of one HTML page.</summary>
    /// <param name="report">What to show.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentException">The report contradicts itself; see <see cref="RunReport.Validate"/>.</exception>
    public static string Render(RunReport report) => Render(report, _page.Value);

    internal static string Render(RunReport report, string? page)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.Validate();
        RunReport thinned = ReportThinning.Thin(report);
        if (page is null)
        {
            return PlainReport.Render(thinned);
        }

        // The run goes in last: whatever it says, nothing is looked for in it.
        return Fill(Fill(page, TitlePlace, "__TITLE__", WebUtility.HtmlEncode(report.Name)), RunPlace, "__RUN__", ReportJson.Write(thinned));
    }

    private static string Fill(string page, string place, string placeholder, string text)
    {
        int start = page.IndexOf(place, StringComparison.Ordinal);
        if (start < 0)
        {
            throw new InvalidOperationException($"The embedded page of reports has no place {place}; it does not fit this build.");
        }

        int hole = start + place.IndexOf(placeholder, StringComparison.Ordinal);
        return string.Concat(page.AsSpan(0, hole), text, page.AsSpan(hole + placeholder.Length));
    }

    private static string? ReadPage()
    {
        using Stream? stream = typeof(ReportWriter).Assembly.GetManifestResourceStream(ResourceName);
        if (stream is null)
        {
            return null;
        }

        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
