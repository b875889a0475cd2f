namespace Keyhole.Cli;

/// <summary>Options that were parsed but cannot be followed together or as given: the command exits with 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
