namespace Keyhole.Web.Overview;

/// <summary>How a statistic's numbers are spread over colours.</summary>
internal enum StripScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By their logarithm; zero and what is smaller than the range take the lowest colour.</summary>
    Log,

    /// <summary>By asinh(x): evenly about zero, by the logarithm far from it, on both sides.</summary>
    Asinh,
}
