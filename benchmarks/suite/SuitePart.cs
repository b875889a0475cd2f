namespace Keyhole.Benchmarks;

/// <summary>A part of the suite.</summary>
/// <param name="Name">As <c>--only</c> takes it.</param>
/// <param name="Run">Measures, and adds its figures.</param>
internal sealed record SuitePart(string Name, Action<Suite> Run);
