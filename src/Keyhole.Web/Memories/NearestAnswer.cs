namespace Keyhole.Web.Memories;

/// <summary>Memories of all layers whose vectors point the way of a memory's, as vectors of the residual stream: keys with the gain of their layer's norm (docs/web.md).</summary>
/// <param name="Kinds">A list for each kind of vector.</param>
public sealed record NearestAnswer(IReadOnlyList<NearestKind> Kinds);

/// <summary>The nearest by one kind of vector.</summary>
/// <param name="Kind">gateKey, key or value.</param>
/// <param name="EitherWay">Whether a vector that points the other way counts as near.</param>
/// <param name="Memories">Nearest first.</param>
public sealed record NearestKind(string Kind, bool EitherWay, IReadOnlyList<NearMemoryAnswer> Memories);

/// <summary>A near memory.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Cosine">Cosine of the angle between both vectors.</param>
/// <param name="InStudy">Whether the study has it.</param>
/// <param name="Tokens">First tokens of its value; of a value that points the other way its bottom ones, which are what both share.</param>
public sealed record NearMemoryAnswer(string Id, float Cosine, bool InStudy, IReadOnlyList<string> Tokens);
