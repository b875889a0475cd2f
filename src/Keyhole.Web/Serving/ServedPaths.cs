using Keyhole.Studies;

namespace Keyhole.Web.Serving;

/// <summary>Where the study and its model lie on the server: no reader's business. What a reader is told names them by their last part alone.</summary>
public sealed class ServedPaths
{
    private readonly string[] _paths;

    /// <param name="study">The study.</param>
    /// <param name="options">As the server was started.</param>
    public ServedPaths(Study study, WebOptions options)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        string?[] given = [options.Study, options.Model, study.Provenance.ModelPath, study.Provenance.Run.Options.GetValueOrDefault(StudyRun.ModelLocation)];
        _paths = [.. given.OfType<string>().Where(path => path.Length > 0).Select(Path.TrimEndingDirectorySeparator).SelectMany(path => (string[])[Path.GetFullPath(path), path])
            .Where(path => Path.GetFileName(path).Length > 0).Distinct().OrderByDescending(path => path.Length)];
    }

    /// <summary>A sentence without the folders that these lie in.</summary>
    /// <param name="sentence">The sentence.</param>
    public string Hide(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return _paths.Aggregate(sentence, (text, path) => text.Replace(path, Path.GetFileName(path), StringComparison.Ordinal));
    }
}
