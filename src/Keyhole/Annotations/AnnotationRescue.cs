using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>Keeps the annotations and labels of a study that another is about to replace: in a file beside it, from which they can be imported again.</summary>
public static class AnnotationRescue
{
    private const string Ending = ".annotations.jsonl";

    /// <summary>The file in which annotations would be kept; null where nothing stands there that has any.</summary>
    /// <param name="path">Where the new study will stand.</param>
    public static string? FileOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using Study? study = OpenAnnotated(path);
        return study is null ? null : FreeName(path);
    }

    /// <summary>Writes that file, if there is anything to keep.</summary>
    /// <exception cref="StudyNotWrittenException">KH5120: it cannot be written.</exception>
    internal static void Save(string path)
    {
        using Study? study = OpenAnnotated(path);
        if (study is not null)
        {
            AnnotationExport.WriteFile(study, FreeName(path));
        }
    }

    // Null also where the file is no study, or one that cannot be read: it is replaced as was asked for.
    private static Study? OpenAnnotated(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        Study? study = null;
        try
        {
            study = Study.Open(path);
            if (AnnotationExport.HasContent(study))
            {
                return study;
            }
        }
        catch (InputRefusedException)
        {
            // Nothing that could be read again.
        }

        study?.Dispose();
        return null;
    }

    // An earlier file is never replaced.
    private static string FreeName(string path)
    {
        string name = path + Ending;
        for (int number = 2; File.Exists(name); number++)
        {
            name = $"{path}.{number}{Ending}";
        }

        return name;
    }
}
