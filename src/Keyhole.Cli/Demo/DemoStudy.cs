using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Cli.Demo;

/// <summary>Tells whether the study of an earlier demo stands where the new one is to be written: nothing else is replaced.</summary>
internal static class DemoStudy
{
    /// <summary>True where there is an earlier demo's study, false where there is nothing.</summary>
    /// <exception cref="InputRefusedException">KH6009: something else is there.</exception>
    public static bool IsEarlier(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }
        return IsOfBundledData(path) ? true
            : throw new InputRefusedException("KH6009", $"{path}: this is not the study of an earlier demo, so it is left alone; give another path with -o.");
    }

    private static bool IsOfBundledData(string path)
    {
        try
        {
            using Study study = Study.Open(path);
            using Model model = Model.Open(BundledData.Model);
            var corpus = new FileInfo(BundledData.Corpus);
            return study.Provenance.WeightsSha256 == model.Checkpoint.ContentHash() && study.Files is [var file] && file.Path == corpus.Name && file.Bytes == corpus.Length;
        }
        catch (InputRefusedException)
        {
            return false; // No study, or a damaged one: in both cases not the demo's to remove.
        }
    }
}
