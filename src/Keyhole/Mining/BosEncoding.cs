using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Encodes texts with BOS as a <see cref="BosPolicy"/> says.</summary>
public static class BosEncoding
{
    /// <summary>Refuses a policy that the tokenizer cannot follow.</summary>
    /// <exception cref="InputRefusedException">KH5004: BOS is wanted always, and the tokenizer names none.</exception>
    public static void Require(Tokenizer tokenizer, BosPolicy bos)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (bos == BosPolicy.Always && tokenizer.BosId is null)
        {
            throw new InputRefusedException("KH5004", "--bos always: this tokenizer names no BOS token. Use --bos auto or --bos never.");
        }
    }

    /// <summary>The tokens of a text. With <see cref="BosPolicy.Auto"/> all special tokens that the tokenizer itself adds are there, else none but BOS.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="text">Any text.</param>
    /// <param name="bos">Whether the text begins with BOS.</param>
    /// <exception cref="InputRefusedException">KH5004: BOS is wanted always, and the tokenizer names none.</exception>
    public static Encoding Encode(Tokenizer tokenizer, string text, BosPolicy bos)
    {
        Require(tokenizer, bos);
        Encoding encoding = tokenizer.Encode(text, addSpecialTokens: bos == BosPolicy.Auto);
        return bos == BosPolicy.Always ? new Encoding([tokenizer.BosId!.Value, .. encoding.Ids], [default, .. encoding.Offsets]) : encoding;
    }

    /// <summary>Whether the units of a study begin with BOS, or what else the tokenizer puts first: all do or none, as one policy and one tokenizer made them.</summary>
    /// <param name="study">The study.</param>
    /// <param name="tokenizer">Its model's tokenizer.</param>
    public static bool StartsUnits(Study study, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return study.Units().FirstOrDefault() is { Spans: [{ IsEmpty: true }, ..] } unit && (unit.Tokens[0] == tokenizer.BosId || tokenizer.IsSpecial(unit.Tokens[0]));
    }
}
