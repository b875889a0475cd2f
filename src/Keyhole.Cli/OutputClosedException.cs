namespace Keyhole.Cli;

/// <summary>The reader of standard output has gone (<c>| head</c>): the command ends quietly.</summary>
internal sealed class OutputClosedException(IOException innerException) : Exception("The reader of standard output has closed it.", innerException);
