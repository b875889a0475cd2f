using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Studies;
using Keyhole.Studies.Merging;

namespace Keyhole.Cli;

/// <summary>What the user is told of an exception.</summary>
/// <param name="Code">Stable code; docs/errors.md lists them.</param>
/// <param name="Sentence">What happened and what to do.</param>
/// <param name="ExitStatus">One of <see cref="ExitCode"/>.</param>
internal sealed record FailureReport(string Code, string Sentence, int ExitStatus)
{
    /// <summary>The report for <paramref name="failure"/>.</summary>
    public static FailureReport For(Exception failure) => failure switch
    {
        AggregateException { InnerExceptions.Count: 1 } one => For(one.InnerExceptions[0]),
        InputRefusedException refused => new(refused.Code, refused.Message, ExitCode.InputRefused),
        MergeIncompleteException incomplete => new(incomplete.Code, incomplete.Message, ExitCode.Incomplete),
        UsageException usage => new(UsageReport.Code, usage.Message, ExitCode.Usage),
        NotFiniteException bad => new("KH6008", $"{bad.Message[..1].ToUpperInvariant()}{bad.Message[1..]}", ExitCode.InputRefused),
        StudyNotWrittenException unwritten => new(unwritten.Code, unwritten.Message, ExitCode.Failed),
        FileNotFoundException or DirectoryNotFoundException => new("KH6002", $"{failure.Message} Check the path.", ExitCode.InputRefused),
        IOException io when IsDiskFull(io.HResult) => new("KH6003", $"The disk is full ({Text(io)}): free some space, or choose another place for the output.", ExitCode.Failed),
        UnauthorizedAccessException => new("KH6004", $"{failure.Message} Check the permissions of the file and of its folder.", ExitCode.Failed),
        IOException => new("KH6005", $"Reading or writing failed: {failure.Message}", ExitCode.Failed),
        OutOfMemoryException => new("KH6006", "There is not enough memory: ask for less (--memory, --layers, --sites, a shorter text), or end other programs.", ExitCode.Failed),
        _ => new("KH6099", $"An error of the program, not yours ({failure.GetType().Name}: {Text(failure)}). Run again with --verbose and report what it prints.", ExitCode.Failed),
    };

    // ENOSPC and EDQUOT of Linux (122) and macOS (69); ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL of Windows.
    private static bool IsDiskFull(int result) => result is 28 or 122 or 69 or unchecked((int)0x80070027) or unchecked((int)0x80070070);

    private static string Text(Exception failure) => failure.Message.TrimEnd('.').ReplaceLineEndings(" ");
}
