namespace Keyhole.Engine.Capture;

/// <summary>What is done to a coefficient m, with a number x.</summary>
public enum CoefficientOperation
{
    /// <summary>m becomes x.</summary>
    Set,

    /// <summary>m becomes m x.</summary>
    Scale,

    /// <summary>m becomes m + x.</summary>
    Add,
}
