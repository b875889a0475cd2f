using Keyhole.Engine;

namespace Keyhole.Cli.Demo;

/// <summary>Guards what stands where the demo's report is to be written: only a report is replaced.</summary>
internal static class DemoReport
{
    private const string Mark = "<meta name=\"generator\" content=\"Keyhole";
    private const int Beginning = 1024;

    /// <summary>Refuses a file that is no report.</summary>
    /// <exception cref="InputRefusedException">KH6009: something else is there.</exception>
    public static void RequireEarlier(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var reader = new StreamReader(path);
        var text = new char[Beginning];
        if (!new string(text, 0, reader.ReadBlock(text)).Contains(Mark, StringComparison.Ordinal))
        {
            throw new InputRefusedException("KH6009", $"{path}: this is not the report of an earlier demo, so it is left alone; give another path with -o.");
        }
    }
}
