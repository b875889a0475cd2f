using System.Text.Unicode;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Joins runs of <c>&lt;0x..&gt;</c> pieces to text; a run that is no UTF-8 becomes one U+FFFD a byte.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        var run = new List<byte>();
        foreach (string piece in pieces)
        {
            int value = BytePieces.ByteOf(piece);
            if (value >= 0)
            {
                run.Add((byte)value);
                continue;
            }

            Flush(run, result);
            result.Add(piece);
        }

        Flush(run, result);
        return result;
    }

    private static void Flush(List<byte> run, List<string> result)
    {
        if (run.Count == 0)
        {
            return;
        }

        byte[] bytes = [.. run];
        if (Utf8.IsValid(bytes))
        {
            result.Add(CodePoints.String(bytes));
        }
        else
        {
            result.AddRange(Enumerable.Repeat("\uFFFD", bytes.Length));
        }

        run.Clear();
    }
}
