using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Prompts;
using Keyhole.Studies;

namespace Keyhole.Fuzz;

/// <summary>One way into the library for a file that somebody else wrote: what a command does with it, as far as it goes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Read">Opens a path and reads what it holds.</param>
/// <remarks>A new format gets an entry here and seeds in <see cref="Seeds"/>.</remarks>
internal sealed record InputReader(string Name, Action<string> Read)
{
    private const int MostElements = 4096;
    private const string Text = "The capital of France is größer 🙂 than 12,345 <unk> tokens; a second line\n follows here, and ends with    it.";

    /// <summary>A model with its tokenizer: opened, 100 characters tokenized, four tokens run.</summary>
    public static InputReader Model { get; } = new("model", ReadModel);

    /// <summary>A checkpoint without a configuration: every tensor's first numbers.</summary>
    public static InputReader Checkpoint { get; } = new("checkpoint", ReadCheckpoint);

    /// <summary>A tokenizer: 100 characters there and back.</summary>
    public static InputReader Tokenizer { get; } = new("tokenizer", path => ReadTokenizer(path));

    /// <summary>A corpus: all its sentences.</summary>
    public static InputReader Corpus { get; } = new("corpus", ReadCorpus);

    /// <summary>A study: all its texts and memories.</summary>
    public static InputReader Study { get; } = new("study", ReadStudy);

    /// <summary>A file of prompts.</summary>
    public static InputReader Prompts { get; } = new("prompts", path => PromptFile.Read(path));

    private static void ReadModel(string path)
    {
        using Model model = Engine.Models.Model.Open(path);
        int[] run = [.. Ids(path).Take(Math.Min(4, model.Spec.ContextLength))];
        if (run.Length == 0)
        {
            return;
        }
        var capture = new SiteCapture(model.Spec, run.Length, ["*hook_post", "logits"]);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1, KeepLayers = true });
        pass.Run(TokenBatch.OfText(run), capture);
    }

    // A model may come without a tokenizer.
    private static int[] Ids(string path)
    {
        try
        {
            return ReadTokenizer(path);
        }
        catch (InputRefusedException none) when (none.Code == "KH2001")
        {
            return [1, 2, 0, 3];
        }
    }

    private static void ReadCheckpoint(string path)
    {
        using Checkpoint checkpoint = Engine.Checkpoints.Checkpoint.Open(path);
        foreach (TensorInfo tensor in checkpoint.Tensors.Values)
        {
            int count = (int)Math.Min(tensor.ElementCount, MostElements);
            _ = checkpoint.RawBytes(tensor, 0, (int)Math.Min(tensor.ByteLength, MostElements)).Length;
            if (tensor.Type is not (StorageType.Unsupported or (>= StorageType.F64 and <= StorageType.Bool)))
            {
                checkpoint.RequireReadable(tensor);
                checkpoint.ReadFloats(tensor, tensor.ElementCount - count, new float[count]);
            }
        }
    }

    private static int[] ReadTokenizer(string path)
    {
        Tokenizer tokenizer = TokenizerLoader.Load(path);
        int[] ids = tokenizer.Encode(Text).Ids;
        _ = tokenizer.Decode(ids, skipSpecialTokens: true);
        foreach (int id in ids)
        {
            _ = (tokenizer.Piece(id), tokenizer.IsSpecial(id));
        }
        return ids;
    }

    private static void ReadCorpus(string path)
    {
        foreach (TextUnit unit in Corpora.Corpus.Open([path], new CorpusOptions()).ReadUnits())
        {
            _ = unit.Text.Length;
        }
    }

    private static void ReadStudy(string path)
    {
        using Study study = Studies.Study.Open(path);
        foreach (StudyUnit unit in study.Units())
        {
            _ = study.TokenPiece(unit.Tokens.FirstOrDefault());
        }
        foreach (MemoryRecord memory in study.Memories())
        {
            _ = memory.Statistics;
        }
        _ = study.Counts();
    }
}
