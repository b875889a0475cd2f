namespace Keyhole.Engine.Tokens.Text;

/// <summary>One code point of a rewritten text.</summary>
/// <param name="CodePoint">What is written.</param>
/// <param name="Change">0: replaces the next old code point; n &gt; 0: is new, and takes the place of what stands before it; -n: replaces one and removes the n after it.</param>
internal readonly record struct Edit(int CodePoint, int Change);
