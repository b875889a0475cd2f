using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Cli.Models;

/// <summary>What <c>keyhole inspect MODEL</c> prints.</summary>
internal static class ModelReport
{
    private const int SchemaVersion = 1;
    private const int UsualText = 512;   // tokens

    /// <summary>Opens the model, which checks that every tensor is there with its shape, and prints what it is.</summary>
    /// <exception cref="Engine.InputRefusedException">The path holds no model that can be run.</exception>
    public static void Write(string path, CommandConsole console)
    {
        using Model model = Model.Open(path);
        ParameterCounts counts = ParameterCounts.Of(model.Spec);
        Tokenizer? tokenizer = OptionalTokenizer.Load(path, console.Note);
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json => WriteJson(json, model, counts, tokenizer));
        }
        else
        {
            console.WriteFields(Fields(model, counts, tokenizer));
        }
    }

    private static IEnumerable<(string Name, string Value)> Fields(Model model, ParameterCounts counts, Tokenizer? tokenizer)
    {
        ModelSpec spec = model.Spec;
        AttentionSpec attention = spec.Blocks[0].Attention;
        yield return ("model", model.Path);
        yield return ("family", spec.Family);
        yield return ("layers", Number(spec.LayerCount));
        yield return ("width (D)", Number(spec.Width));
        FeedForwardSpec feedForward = spec.Blocks[0].FeedForward;
        yield return ("feed-forward", $"{Kind(feedForward)}, {Number(Memories(spec))} memories ({Widths(spec)} a layer)");
        if (feedForward.Router is { } router)
        {
            yield return ("experts", $"{Number(feedForward.Experts.Length)} of {Number(feedForward.ExpertSize)} memories a layer, {Number(router.Chosen)} for each token{(router.Renormalizes ? ", their weights sum to 1" : "")}");
        }

        yield return ("poles", feedForward.IsGated ? "positive and negative" : "positive");
        yield return ("blocks", ArchitectureText.Residual(spec.Blocks[0]));
        yield return ("norms", ArchitectureText.Norms(spec.Blocks[0]));
        string grouped = attention.KeyValueHeads == attention.Heads ? "" : $", {Number(attention.KeyValueHeads)} for keys and values";
        yield return ("attention", string.Join(", ", ArchitectureText.AttentionParts(spec).Prepend($"{Number(attention.Heads)} heads of {Number(attention.HeadSize)}{grouped}")));
        yield return ("positions", ArchitectureText.Positions(spec));
        yield return ("head", ArchitectureText.Head(spec));
        yield return ("vocabulary (V)", Number(spec.VocabularySize));
        yield return ("context", $"{Number(spec.ContextLength)} tokens");
        string head = counts.Head == 0 ? "output embedding tied" : $"output embedding {Number(counts.Head)}";
        yield return ("parameters", $"{Number(counts.Total)}: embedding {Number(counts.Embedding)}, attention {Number(counts.Attention)}, feed-forward {Number(counts.FeedForward)}, norms {Number(counts.Norms)}, {head}");
        yield return ("weights", $"{SizeText.Of(model.Checkpoint.TotalBytes)} on disk, {string.Join(" and ", StorageTypes(model.Checkpoint))}");
        yield return ("tokenizer", tokenizer is null ? "none" : $"{tokenizer.Kind}, {Number(tokenizer.VocabularySize)} tokens, {BeginningOf(tokenizer)}");
        (long layer, long all) = FloatBytes(spec);
        yield return ("in memory", $"{SizeText.Of(layer)} for the weights of the largest layer, {SizeText.Of(all)} for those of all layers");
        MemoryPlan plan = Plan(spec, tokenizer);
        yield return ("to mine", $"{SizeText.Of(plan.Total)} by default ({(plan.KeepsLayers ? "all layers kept" : "a layer at a time, next one prepared meanwhile")}, chunks of {Number(plan.ChunkTokens)} tokens, {Environment.ProcessorCount} threads)");
    }

    private static void WriteJson(Utf8JsonWriter json, Model model, ParameterCounts counts, Tokenizer? tokenizer)
    {
        ModelSpec spec = model.Spec;
        AttentionSpec attention = spec.Blocks[0].Attention;
        FeedForwardSpec feedForward = spec.Blocks[0].FeedForward;
        json.WriteString("path", model.Path);
        json.WriteString("family", spec.Family);
        json.WriteNumber("layers", spec.LayerCount);
        json.WriteNumber("width", spec.Width);
        json.WriteNumber("vocabularySize", spec.VocabularySize);
        json.WriteNumber("contextLength", spec.ContextLength);
        json.WriteStartObject("feedForward");
        json.WriteString("activation", Activations.NameOf(feedForward.Activation));
        json.WriteBoolean("gated", feedForward.IsGated);
        json.WriteNumber("memories", Memories(spec));
        json.WriteNumber("poles", feedForward.IsGated ? 2 : 1);
        if (feedForward.Router is { } router)
        {
            json.WriteStartObject("experts");
            json.WriteNumber("count", feedForward.Experts.Length);
            json.WriteNumber("memories", feedForward.ExpertSize);
            json.WriteNumber("chosen", router.Chosen);
            json.WriteBoolean("renormalizes", router.Renormalizes);
            json.WriteEndObject();
        }
        json.WriteStartArray("memoriesByLayer");
        foreach (BlockSpec block in spec.Blocks)
        {
            json.WriteNumberValue(block.FeedForward.MemoryCount);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("blocks");
        json.WriteBoolean("parallel", spec.Blocks[0].IsParallel);
        json.WriteBoolean("addsToNormed", spec.Blocks[0].AddsToNormed);
        json.WriteString("normKind", spec.Blocks[0].Norms.FirstOrDefault() is { } norm ? norm.Kind == NormKind.RmsNorm ? "rms" : "layer" : "none");
        json.WriteString("normPlacement", ArchitectureText.NormPlacement(spec.Blocks[0]));
        json.WriteString("positions", ArchitectureText.Positions(spec));
        json.WriteString("head", ArchitectureText.Head(spec));
        json.WriteEndObject();
        json.WriteStartObject("attention");
        json.WriteNumber("heads", attention.Heads);
        json.WriteNumber("keyValueHeads", attention.KeyValueHeads);
        json.WriteNumber("headSize", attention.HeadSize);
        json.WriteStartArray("windows");
        foreach (BlockSpec block in spec.Blocks)
        {
            if (block.Attention.Scoring.Window is { } window)
            {
                json.WriteNumberValue(window);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("parameters");
        json.WriteNumber("total", counts.Total);
        json.WriteNumber("embedding", counts.Embedding);
        json.WriteNumber("attention", counts.Attention);
        json.WriteNumber("feedForward", counts.FeedForward);
        json.WriteNumber("norms", counts.Norms);
        json.WriteNumber("outputEmbedding", counts.Head);
        json.WriteEndObject();
        json.WriteStartObject("weights");
        json.WriteNumber("bytes", model.Checkpoint.TotalBytes);
        json.WriteStartArray("types");
        foreach (string type in StorageTypes(model.Checkpoint))
        {
            json.WriteStringValue(type);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        WriteTokenizer(json, tokenizer);
        (long layer, long all) = FloatBytes(spec);
        json.WriteStartObject("memory");
        json.WriteNumber("largestLayerBytes", layer);
        json.WriteNumber("allLayersBytes", all);
        MemoryPlan plan = Plan(spec, tokenizer);
        json.WriteNumber("planBytes", plan.Total);
        json.WriteBoolean("keepsLayers", plan.KeepsLayers);
        json.WriteNumber("chunkTokens", plan.ChunkTokens);
        json.WriteEndObject();
    }

    private static void WriteTokenizer(Utf8JsonWriter json, Tokenizer? tokenizer)
    {
        if (tokenizer is null)
        {
            json.WriteNull("tokenizer");
            return;
        }
        json.WriteStartObject("tokenizer");
        json.WriteString("kind", tokenizer.Kind);
        json.WriteNumber("vocabularySize", tokenizer.VocabularySize);
        json.WriteBoolean("addsBos", tokenizer.AddsBos);
        if (tokenizer.BosId is { } bos)
        {
            json.WriteNumber("bosId", bos);
        }
        else
        {
            json.WriteNull("bosId");
        }
        json.WriteEndObject();
    }

    // What mining all layers with the default options would take, for texts of up to a usual sentence's length.
    private static MemoryPlan Plan(ModelSpec spec, Tokenizer? tokenizer)
        => MemoryPlan.Make(spec, [.. Enumerable.Range(0, spec.LayerCount)], new MiningRules(), Environment.ProcessorCount, tokenizer?.VocabularySize ?? spec.VocabularySize, Math.Min(spec.ContextLength, UsualText), null, null);

    private static string BeginningOf(Tokenizer tokenizer) => tokenizer switch
    {
        { AddsBos: true, BosId: { } bos } => $"each text begins with '{tokenizer.Piece(bos)}' ({Number(bos)})",
        { BosId: { } bos } => $"'{tokenizer.Piece(bos)}' ({Number(bos)}) may begin a text, but is not added",
        _ => "no token that begins a text",
    };

    private static string Kind(FeedForwardSpec layer) => layer.IsGated ? $"gated {Activations.NameOf(layer.Activation)}" : Activations.NameOf(layer.Activation);

    private static long Memories(ModelSpec spec) => spec.Blocks.Sum(block => (long)block.FeedForward.MemoryCount);

    private static string Widths(ModelSpec spec)
    {
        int least = spec.Blocks.Min(block => block.FeedForward.MemoryCount);
        int most = spec.Blocks.Max(block => block.FeedForward.MemoryCount);
        return least == most ? Number(least) : $"{Number(least)} to {Number(most)}";
    }

    // The types that hold most bytes come first.
    private static IEnumerable<string> StorageTypes(Checkpoint checkpoint) => checkpoint.Tensors.Values
        .GroupBy(tensor => tensor.TypeName)
        .OrderByDescending(group => group.Sum(tensor => tensor.ByteLength)).ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Key);

    private static (long LargestLayer, long AllLayers) FloatBytes(ModelSpec spec)
    {
        long[] layers = [.. spec.Blocks.Select(block => sizeof(float) * block.Maps.Sum(map => (long)map.Outputs * map.Inputs))];
        return (layers.Max(), layers.Sum());
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
