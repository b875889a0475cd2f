namespace Keyhole.Cli.Tests;

/// <summary>What a process left behind.</summary>
internal sealed record CommandResult(int ExitStatus, string Output, string Error);
