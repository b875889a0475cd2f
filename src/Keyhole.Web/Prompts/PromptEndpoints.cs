using System.Diagnostics;
using Keyhole.Debugging;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Prompts;

/// <summary>The prompt debugger.</summary>
internal static class PromptEndpoints
{
    private const int DefaultTop = 10;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/prompt", Settings).WithName("PromptSettings").WithSummary("Whether prompts can be run, and how long they may be.").Produces<PromptSettings>().WithQuery();
        api.MapPost("/prompt", Ask).WithName("Prompt").WithSummary("A prompt read at every layer at one of its positions, with interventions beside where there are any.").Produces<PromptAnswer>().WithQuery();
        api.MapPost("/prompt/generate", GenerationStream.Answer).WithName("PromptGenerate").WithSummary("Tokens generated behind a prompt without and with interventions: one JSON object a line, a line a step.").Produces<GenerationAnswer>(StatusCodes.Status200OK, GenerationStream.ContentType).WithQuery();
    }

    private static PromptSettings Settings(ModelRunner models)
        => new(models.State.ToString().ToLowerInvariant(), models.Reason, PromptLimits.Characters, PromptLimits.Tokens, PromptLimits.Interventions, PromptLimits.Generated);

    private static Task<PromptAnswer> Ask(PromptRequest request, ModelRunner models, StudyPool studies, CancellationToken aborted)
    {
        AskedPrompt.Check(request.Text, request.Ids, request.Interventions);
        AskedPrompt.Require((request.Token?.Length ?? 0) <= PromptLimits.WordCharacters, $"The word to follow has at most {PromptLimits.WordCharacters} characters.");
        AskedPrompt.Require(request.Token is null || request.TokenId is null, "The token to follow is either a word or an id.");
        AskedPrompt.Require(request.Top is null or (>= 1 and <= PromptLimits.Top), $"Each readout keeps 1 to {PromptLimits.Top} tokens.");
        return models.Run((model, stop) => Answer(request, model, studies, stop), aborted);
    }

    private static PromptAnswer Answer(PromptRequest request, LoadedModel model, StudyPool studies, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        using StudyLease lease = studies.Rent();
        AskedPrompt prompt = AskedPrompt.Of(request.Text, request.Ids, request.Position, request.Interventions, model, lease.Study);
        (int Token, bool IsCut)? chosen = request.Token is { } word ? prompt.Prompt.TokenAfter(prompt.Position, word) : request.TokenId is { } id ? (id, false) : null;
        AskedPrompt.Require(chosen is null || (uint)chosen.Value.Token < (uint)model.Model.Spec.VocabularySize, $"Token ids are 0 to {model.Model.Spec.VocabularySize - 1}.");
        DebuggedPrompt read = new PromptDebugger(model.Model, model.Pass, model.Reader, model.Norms, lease.Study).Run(
            new PromptQuestion
            {
                Ids = prompt.Prompt.Ids,
                Position = prompt.Position,
                Token = chosen?.Token,
                Top = request.Top ?? DefaultTop,
                Interventions = prompt.Interventions,
            },
            stop);
        return PromptAnswers.Of(prompt, read, chosen, model.Model.Spec, new TokenTexts(model.Tokenizer), Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
