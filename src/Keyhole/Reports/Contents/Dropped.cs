namespace Keyhole.Reports.Contents;

/// <summary>Which token of a prefix was dropped.</summary>
internal enum Dropped
{
    /// <summary>The first one after BOS.</summary>
    First,

    /// <summary>The last one.</summary>
    Last,

    /// <summary>One at random.</summary>
    Random,
}
