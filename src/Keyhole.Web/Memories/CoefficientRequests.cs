namespace Keyhole.Web.Memories;

/// <summary>Asks for the coefficients of a memory on texts of the study.</summary>
/// <param name="Texts">The texts.</param>
public sealed record CoefficientsRequest(IReadOnlyList<TextRange> Texts);

/// <summary>Some tokens of a text of the study.</summary>
/// <param name="Unit">Its number.</param>
/// <param name="From">First position.</param>
/// <param name="To">One past the last position. Tokens after it are not run: a token's coefficient depends on those before it alone.</param>
public sealed record TextRange(int Unit, int From, int To);

/// <summary>A memory's coefficients on texts, in the order of the request.</summary>
/// <param name="Texts">The texts.</param>
public sealed record CoefficientsAnswer(IReadOnlyList<TextCoefficients> Texts);

/// <summary>Coefficients at some tokens of a text.</summary>
/// <param name="Unit">Its number.</param>
/// <param name="From">Position of the first of them.</param>
/// <param name="Values">m; 0 where the router did not choose the memory's expert.</param>
public sealed record TextCoefficients(int Unit, int From, float[] Values);

/// <summary>Asks for the coefficients of a memory on a text of one's own.</summary>
/// <param name="Text">The text.</param>
public sealed record OwnRequest(string Text);

/// <summary>A memory on a text of one's own.</summary>
/// <param name="Tokens">The text's tokens, as pages show them.</param>
/// <param name="Ids">Their ids.</param>
/// <param name="Values">m at each.</param>
public sealed record OwnAnswer(IReadOnlyList<string> Tokens, IReadOnlyList<int> Ids, float[] Values);
