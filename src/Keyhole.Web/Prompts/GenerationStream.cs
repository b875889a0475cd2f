using System.Text.Json;
using System.Threading.Channels;
using Keyhole.Debugging;
using Keyhole.Engine;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Keyhole.Web.Prompts;

/// <summary>Answers with tokens as they are generated: JSON lines. What is wrong from the start is an error as anywhere; what goes wrong later is the last line.</summary>
internal static class GenerationStream
{
    /// <summary>JSON lines.</summary>
    public const string ContentType = "application/x-ndjson";

    private const int DefaultTokens = 20;

    /// <summary>Answers a request.</summary>
    public static async Task Answer(GenerateRequest request, ModelRunner models, StudyPool studies, IOptions<JsonOptions> json, HttpContext context)
    {
        AskedPrompt.Check(request.Text, request.Ids, request.Interventions);
        AskedPrompt.Require(request.Tokens is null or (>= 1 and <= PromptLimits.Generated), $"1 to {PromptLimits.Generated} tokens are generated at a time.");
        AskedPrompt.Require(request.Temperature is null or (>= 0 and <= PromptLimits.Temperature), $"The temperature is 0 to {PromptLimits.Temperature}.");
        var lines = Channel.CreateUnbounded<GenerationAnswer>();
        Task work = models.Run((model, stop) => Generate(request, model, studies, lines.Writer, stop), context.RequestAborted);
        _ = work.ContinueWith(_ => lines.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await foreach (GenerationAnswer line in lines.Reader.ReadAllAsync(context.RequestAborted))
        {
            await Write(context, line, json.Value.SerializerOptions);
        }

        try
        {
            await work;
        }
        catch (InputRefusedException refused) when (context.Response.HasStarted)
        {
            await Write(context, new GenerationAnswer { Error = new ErrorDetail(refused.Code, refused.Message) }, json.Value.SerializerOptions);
        }
    }

    private static bool Generate(GenerateRequest request, LoadedModel model, StudyPool studies, ChannelWriter<GenerationAnswer> lines, CancellationToken stop)
    {
        AskedPrompt prompt;
        using (StudyLease lease = studies.Rent())
        {
            prompt = AskedPrompt.Of(request.Text, request.Ids, request.Position, request.Interventions, model, lease.Study);
        }

        AskedPrompt.Require(prompt.Prefix.Length < model.Model.Spec.ContextLength, "The prompt fills the model's context: there is no room for another token.");
        var texts = new TokenTexts(model.Tokenizer);
        var plain = new List<int>();
        var changed = new List<int>();
        foreach (GeneratedStep step in new PromptGenerator(model.Model, model.Pass, model.Reader).Run(
            new GenerationRequest
            {
                Ids = prompt.Prefix,
                Tokens = request.Tokens ?? DefaultTokens,
                Temperature = request.Temperature ?? 0,
                Seed = unchecked((ulong)(request.Seed ?? 0)),
                EndToken = model.Tokenizer.EosId,
                Interventions = prompt.Interventions,
            },
            stop))
        {
            lines.TryWrite(new GenerationAnswer { Step = step.Step, Plain = Of(step.Plain, plain, texts), Changed = Of(step.Changed, changed, texts) });
        }

        lines.TryWrite(new GenerationAnswer { Texts = new GeneratedTexts(texts.Added(prompt.Prefix, plain), prompt.Interventions.Count == 0 ? null : texts.Added(prompt.Prefix, changed)) });
        return true;
    }

    private static GeneratedTokenAnswer? Of(GeneratedToken? made, List<int> ids, TokenTexts texts)
    {
        if (made is not { } token)
        {
            return null;
        }

        ids.Add(token.Token);
        return new GeneratedTokenAnswer(token.Token, texts.Of(token.Token), token.Probability, token.Ends);
    }

    private static async Task Write(HttpContext context, GenerationAnswer line, JsonSerializerOptions options)
    {
        context.Response.ContentType ??= ContentType;
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, options), context.RequestAborted);
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
