using Keyhole.Composition;

namespace Keyhole.Claiming.Passes;

/// <summary>The positions that were read, in order, and what the predicates say of them: bits, and no text.</summary>
internal sealed class PositionTable
{
    private const int None = -1;

    private readonly List<(int Unit, int First, int Start)> _texts = [];
    private readonly Bits?[] _holds;
    private readonly List<int>? _targets;
    private readonly Bits _untargeted = new();

    /// <param name="claims">Which claims have a predicate that does not depend on the memory.</param>
    /// <param name="keepsTargets">Whether targets are kept, for those that do.</param>
    public PositionTable(IEnumerable<bool> claims, bool keepsTargets)
    {
        _holds = [.. claims.Select(kept => kept ? new Bits() : null)];
        _targets = keepsTargets ? [] : null;
    }

    /// <summary>Number of positions.</summary>
    public int Count => _untargeted.Count;

    /// <summary>Number of texts.</summary>
    public int TextCount => _texts.Count;

    /// <summary>Positions without a target.</summary>
    public int Untargeted => _untargeted.Ones;

    /// <summary>Adds the positions [first, end) of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="first">First position.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="holds">Of each claim what its predicate says of every position of the text; null where it depends on the memory.</param>
    public void Add(in PrefixText text, int first, int end, bool[]?[] holds)
    {
        _texts.Add((text.Unit.Index, first, Count));
        int tokens = text.Unit.Tokens.Length;
        for (int position = first; position < end; position++)
        {
            for (int claim = 0; claim < holds.Length; claim++)
            {
                _holds[claim]?.Add(holds[claim]![position]);
            }

            _targets?.Add(position + 1 < tokens ? text.Unit.Tokens[position + 1] : None);
            _untargeted.Add(position + 1 >= tokens);
        }
    }

    /// <summary>Whether the predicate of a claim holds at a position.</summary>
    public bool Holds(int claim, int index) => _holds[claim]![index];

    /// <summary>Positions where the predicate of a claim holds.</summary>
    public int Holding(int claim) => _holds[claim]!.Ones;

    /// <summary>The target of a position; -1 without one.</summary>
    public int Target(int index) => _targets![index];

    /// <summary>Whether a position has a target.</summary>
    public bool HasTarget(int index) => !_untargeted[index];

    /// <summary>First position of a text; the number of positions for one past the last text.</summary>
    public int Start(int text) => text == _texts.Count ? Count : _texts[text].Start;

    /// <summary>The unit of a text, and the place in it of one of its positions.</summary>
    public (int Unit, int Position) Place(int text, int index) => (_texts[text].Unit, _texts[text].First + index - _texts[text].Start);
}
