using System.Globalization;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli.Captures;

/// <summary>One forward pass over one text, its sites written to a safetensors file.</summary>
internal sealed class CaptureRun
{
    private const int SchemaVersion = 1;
    private const int NextShown = 5;
    private const string InputIds = "input_ids";

    /// <summary>Token ids, [T].</summary>
    public required int[] Ids { get; init; }

    /// <summary>Patterns of site names.</summary>
    public required IReadOnlyCollection<string> Sites { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>Worker threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Runs the pass and writes the file: <c>input_ids</c> I64 [T], and every site that was asked for F32 [T, width].</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer, for the text of the next tokens; null where there is none.</param>
    /// <param name="console">Told what was written.</param>
    /// <param name="stop">Stops the pass; no file is left behind.</param>
    /// <exception cref="Engine.InputRefusedException">An id, the number of ids or a pattern does not fit the model.</exception>
    public void Execute(Model model, Tokenizer? tokenizer, CommandConsole console, CancellationToken stop)
    {
        TokenBatch batch = TokenBatch.OfText(Ids);
        batch.RequireFits(model.Spec); // before room is taken for what it would give
        var capture = new SiteCapture(model.Spec, Ids.Length, Sites);
        TensorDeclaration[] tensors =
        [
            new(InputIds, StorageType.I64, [Ids.Length]),
            .. capture.Captured().Select(site => new TensorDeclaration(site.Name, StorageType.F32, [.. site.Shape])),
        ];
        using SafetensorsOutput file = SafetensorsWriter.Create(Output, tensors);
        using (var pass = new ForwardPass(model, new ForwardOptions { Threads = Threads, KeepLayers = false }))
        {
            pass.Run(batch, capture, stop);
        }
        file.Write<long>(InputIds, [.. Ids.Select(id => (long)id)]);
        foreach ((string name, long[] _, float[] values) in capture.Captured())
        {
            stop.ThrowIfCancellationRequested();
            file.Write<float>(name, values);
        }
        file.Complete();
        Report(console, tensors, Next(capture, model.Spec, tokenizer));
    }

    private NextToken[] Next(SiteCapture capture, ModelSpec spec, Tokenizer? tokenizer)
        => capture.Sites(spec.LayerCount).Contains(Site.Logits)
            ? NextToken.MostLikely(capture.Values(Site.Logits, spec.LayerCount).AsSpan((Ids.Length - 1) * spec.VocabularySize), tokenizer, NextShown)
            : [];

    private void Report(CommandConsole console, TensorDeclaration[] tensors, NextToken[] next)
    {
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json =>
            {
                json.WriteString("file", Output);
                json.WriteStartArray("ids");
                Array.ForEach(Ids, json.WriteNumberValue);
                json.WriteEndArray();
                json.WriteStartArray("tensors");
                foreach (TensorDeclaration tensor in tensors)
                {
                    json.WriteStartObject();
                    json.WriteString("name", tensor.Name);
                    json.WriteString("type", tensor.Type.ToString());
                    json.WriteStartArray("shape");
                    foreach (long dimension in tensor.Shape)
                    {
                        json.WriteNumberValue(dimension);
                    }
                    json.WriteEndArray();
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteStartArray("next");
                foreach (NextToken token in next)
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", token.Id);
                    json.WriteString("text", token.Text);
                    json.WriteNumber("probability", token.Probability);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
            return;
        }
        foreach (TensorDeclaration tensor in tensors)
        {
            console.Detail($"{tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape)}]");
        }
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{Output}: {tensors.Length} tensors over {Ids.Length} tokens"));
        if (next.Length > 0)
        {
            console.Note($"next: {string.Join(", ", next.Select(token => string.Create(CultureInfo.InvariantCulture, $"{Quoted(token)} {token.Probability:0.0%}")))}");
        }
    }

    private static string Quoted(NextToken token)
        => token.Text is null ? string.Create(CultureInfo.InvariantCulture, $"id {token.Id}") : $"'{Exports.VisibleText.Of(token.Text)}'";
}
