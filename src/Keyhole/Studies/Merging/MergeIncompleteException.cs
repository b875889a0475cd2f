namespace Keyhole.Studies.Merging;

/// <summary>Shards are missing, so that nothing was merged: the command exits with 4.</summary>
public sealed class MergeIncompleteException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The sentence shown to the user: what is missing.</param>
    public MergeIncompleteException(string message)
        : base(message)
    {
    }

    /// <summary>Stable code.</summary>
    public string Code { get; } = "KH5243";
}
