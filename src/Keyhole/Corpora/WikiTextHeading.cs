namespace Keyhole.Corpora;

/// <summary>Headings of WikiText: <c>= Title =</c>, <c>= = Section = =</c>, with as many marks after the title as before it.</summary>
internal static class WikiTextHeading
{
    /// <summary>Whether a line, white space around it removed, is a heading.</summary>
    public static bool Is(ReadOnlySpan<char> line)
    {
        int before = 0;
        while (line.StartsWith("= "))
        {
            before++;
            line = line[2..];
        }

        int after = 0;
        while (line.EndsWith(" ="))
        {
            after++;
            line = line[..^2];
        }

        return before > 0 && before == after && line.Trim().Length > 0 && line is not "=";
    }
}
