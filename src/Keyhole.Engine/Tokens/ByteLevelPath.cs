using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>The short way for byte-level BPE: words are looked up as raw bytes, so that no stand-in and no alignment is ever written.</summary>
/// <remarks>It holds where nothing changes the text but the stand-ins, which map bytes one to one.</remarks>
internal sealed class ByteLevelPath
{
    private readonly BpeModel _model;
    private readonly INormalizer? _normalizer;
    private readonly Splitter[] _splitters;

    private ByteLevelPath(BpeModel model, INormalizer? normalizer, Splitter[] splitters)
    {
        _model = model;
        _normalizer = normalizer;
        _splitters = splitters;
    }

    /// <summary>The short way of a tokenizer, or null where it has none.</summary>
    public static ByteLevelPath? For(TokenizerParts parts)
    {
        if (parts.Model is not BpeModel { SpellsBytes: true } model)
        {
            return null;
        }

        IReadOnlyList<IPreTokenizer> steps = parts.PreTokenizer is SequencePreTokenizer sequence ? sequence.Steps : parts.PreTokenizer is null ? [] : [parts.PreTokenizer];
        if (steps.Count == 0 || steps[^1] is not ByteLevelPreTokenizer { AddsPrefixSpace: false } last || steps.SkipLast(1).Any(step => step is not Splitter))
        {
            return null;
        }

        var splitters = steps.SkipLast(1).Cast<Splitter>().ToList();
        if (last.WordSplitter is not null)
        {
            splitters.Add(last.WordSplitter);
        }

        return new ByteLevelPath(model, parts.Normalizer, [.. splitters]);
    }

    /// <summary>Whether the normaliser leaves this text alone.</summary>
    public bool Fits(ReadOnlySpan<byte> utf8) => _normalizer is null || _normalizer.LeavesUnchanged(utf8);

    /// <summary>Tokenises, with places in <paramref name="utf8"/>.</summary>
    public void Tokenize(ReadOnlySpan<byte> utf8, AddedVocabulary added, Workspace workspace)
    {
        workspace.Ranges.Clear();
        added.SplitRaw(utf8, 0, utf8.Length, workspace.Ranges);
        if (added.HasNormalized)
        {
            workspace.NextRanges.Clear();
            foreach (PieceRange range in workspace.Ranges)
            {
                if (range.IsToken)
                {
                    workspace.NextRanges.Add(range);
                }
                else
                {
                    added.SplitNormalized(utf8, range.Start, range.End, workspace.NextRanges);
                }
            }

            workspace.SwapRanges();
        }

        foreach (Splitter splitter in _splitters)
        {
            workspace.NextRanges.Clear();
            splitter.Apply(utf8, workspace.Ranges, workspace.NextRanges);
            workspace.SwapRanges();
        }

        foreach (PieceRange range in workspace.Ranges)
        {
            if (range.IsToken)
            {
                workspace.Tokens.AddMatched(range.Id, range.Start, range.End);
            }
            else
            {
                _model.TokenizeBytes(utf8, range.Start, range.End, workspace, workspace.Tokens);
            }
        }
    }
}
