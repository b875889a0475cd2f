namespace Keyhole.Fuzz;

/// <summary>What became of one damaged input.</summary>
internal enum Outcome
{
    /// <summary>A sentence with a code.</summary>
    Refused,

    /// <summary>It was read to the end.</summary>
    Opened,

    /// <summary>Refused by a sentence that names neither the file nor its folder, or without a code.</summary>
    Nameless,

    /// <summary>Refused by a sentence that nobody reads to its end.</summary>
    Wordy,

    /// <summary>Another exception.</summary>
    Crashed,

    /// <summary>Too long, twice.</summary>
    Hung,

    /// <summary>Too much memory.</summary>
    Outsized,
}
