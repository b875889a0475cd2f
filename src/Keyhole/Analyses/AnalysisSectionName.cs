namespace Keyhole.Analyses;

/// <summary>Sections as the command line has them.</summary>
public static class AnalysisSectionName
{
    /// <summary>All names, in the order of the sections.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<AnalysisSection>().Select(section => section.Name())];

    /// <summary>Such as <c>values</c> or <c>read-write</c>.</summary>
    /// <param name="section">The section.</param>
    public static string Name(this AnalysisSection section) => section == AnalysisSection.ReadWrite ? "read-write" : section.ToString().ToLowerInvariant();

    /// <summary>The section of a name.</summary>
    /// <param name="name">One of <see cref="All"/>.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static AnalysisSection Parse(string name) => Enum.GetValues<AnalysisSection>().Cast<AnalysisSection?>().FirstOrDefault(section => section!.Value.Name() == name)
        ?? throw new ArgumentException($"'{name}' is no section of an analysis.", nameof(name));
}
