namespace Keyhole.Cli.Models;

/// <summary>placeholder until compile</summary>
internal static class ModelReport
{
    public static void Write(string path, CommandConsole console) { }
}
