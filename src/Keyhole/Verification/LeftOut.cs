namespace Keyhole.Verification;

/// <summary>A tensor of a reference capture that is not compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why not.</param>
public sealed record LeftOut(string Name, string Reason);
