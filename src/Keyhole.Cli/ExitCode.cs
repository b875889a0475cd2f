namespace Keyhole.Cli;

/// <summary>The command's exit codes.</summary>
internal static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>Something failed that is neither the user's options nor an input: a full disk, an error of the program; or <c>verify</c> found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be understood.</summary>
    public const int Usage = 2;

    /// <summary>A model, tokenizer, corpus or study was refused.</summary>
    public const int InputRefused = 3;

    /// <summary>The work stopped early and can be resumed, or a part of what it needs is missing.</summary>
    public const int Incomplete = 4;

    /// <summary>Stopped by ctrl-C (SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM.</summary>
    public const int Terminated = 143;
}
