using Keyhole.Engine;

namespace Keyhole.Verification;

/// <summary>Finds reference captures, and models with captures beside them.</summary>
public static class ReferenceFiles
{
    private const string Goldens = "golden-*.safetensors";

    /// <summary>The files that paths stand for: a folder gives its <c>golden-*.safetensors</c> by name, a file itself.</summary>
    /// <exception cref="InputRefusedException">KH5907: a folder has none.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                files.Add(path);
                continue;
            }
            string[] found = Find(path, Goldens);
            files.AddRange(found.Length > 0 ? found : throw new InputRefusedException("KH5907", $"Folder '{path}' holds no '{Goldens}'; name the files of the reference capture."));
        }
        return files;
    }

    /// <summary>
    /// The models of a folder that have captures, by name: <c>NAME/</c> with <c>golden-*.safetensors</c> in it, and <c>NAME.gguf</c> with
    /// <c>NAME.golden-*.safetensors</c> beside it.
    /// </summary>
    /// <exception cref="InputRefusedException">KH5907: there is none.</exception>
    public static IReadOnlyList<VerifiableModel> Models(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InputRefusedException("KH5907", $"'{folder}' is no folder; expected one that holds models with reference captures beside them.");
        }
        IEnumerable<VerifiableModel> folders = Directory.GetDirectories(folder).Select(path => new VerifiableModel(Path.GetFileName(path), path, Find(path, Goldens)));
        IEnumerable<VerifiableModel> files = Directory.GetFiles(folder, "*.gguf")
            .Select(path => new VerifiableModel(Path.GetFileName(path), path, Find(folder, $"{Path.GetFileNameWithoutExtension(path)}.{Goldens}")));
        VerifiableModel[] models = [.. folders.Concat(files).Where(model => model.References.Count > 0).OrderBy(model => model.Name, StringComparer.Ordinal)];
        return models.Length > 0 ? models : throw new InputRefusedException("KH5907",
            $"Folder '{folder}' holds no model with reference captures: neither NAME/{Goldens} nor NAME.gguf with NAME.{Goldens}.");
    }

    private static string[] Find(string folder, string pattern) => [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];
}
