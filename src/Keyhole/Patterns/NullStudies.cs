using Keyhole.Engine;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>Studies of random memories that stand beside a study.</summary>
public sealed class NullStudies : IDisposable
{
    private NullStudies(IReadOnlyList<(string Name, Study Study)> studies) => Studies = studies;

    /// <summary>The studies with their names, such as <c>directions</c>.</summary>
    public IReadOnlyList<(string Name, Study Study)> Studies { get; }

    /// <summary>Opens those that are named, or else <c>STUDY.directions</c> and <c>STUDY.rotations</c> where they are there.</summary>
    /// <param name="study">The study.</param>
    /// <param name="named">Paths; empty for those beside the study.</param>
    /// <exception cref="InputRefusedException">KH5101 to KH5105: one is no study; KH7703: two have one name.</exception>
    public static NullStudies Open(string study, IReadOnlyList<string> named)
    {
        ArgumentException.ThrowIfNullOrEmpty(study);
        ArgumentNullException.ThrowIfNull(named);
        string[] paths = named.Count > 0 ? [.. named] : [.. Enum.GetValues<NullKind>().Select(kind => NullStudy.PathOf(study, kind)).Where(File.Exists)];
        List<(string Name, Study Study)> opened = [];
        try
        {
            foreach (string path in paths)
            {
                string name = NameOf(path);
                if (opened.Any(other => other.Name == name))
                {
                    throw new InputRefusedException("KH7703", $"{path}: --null: a null named '{name}' was given already; give each a name of its own.");
                }

                opened.Add((name, Study.Open(path)));
            }
        }
        catch
        {
            opened.ForEach(one => one.Study.Dispose());
            throw;
        }

        return new NullStudies(opened);
    }

    /// <summary>Closes them.</summary>
    public void Dispose()
    {
        foreach ((_, Study study) in Studies)
        {
            study.Dispose();
        }
    }

    // The ending where it is a known one, else the file's name; never that of a source that a study has of itself.
    private static string NameOf(string path)
        => Path.GetExtension(path).TrimStart('.') is var ending && Enum.GetValues<NullKind>().Any(kind => NullStudy.NameOf(kind) == ending) ? ending : $"null {Path.GetFileName(path)}";
}
