using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Values;

/// <summary>Both ends of a value's vocabulary, and nothing else of it.</summary>
/// <param name="Id">The memory.</param>
/// <param name="LogSumExp">log(sum of exp(z)).</param>
/// <param name="Top">As <see cref="ValueRecord.Top"/>.</param>
/// <param name="Bottom">As <see cref="ValueRecord.Bottom"/>.</param>
internal readonly record struct ValueEnds(NeuronId Id, double LogSumExp, ImmutableArray<TokenLogit> Top, ImmutableArray<TokenLogit> Bottom);
