using Keyhole.Engine;
using Keyhole.Studies;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>Turns what goes wrong below into a status and a sentence; nothing of a stack or a path of the server leaves it.</summary>
/// <param name="next">What comes after.</param>
/// <param name="faults">Told what no one foresaw.</param>
/// <param name="paths">What is not told of the server.</param>
internal sealed class ErrorAnswers(RequestDelegate next, FaultLog faults, ServedPaths paths)
{
    private const int ClientClosedRequest = 499;

    private static readonly (string Code, string Sentence) s_tooLarge = ("KH7005", "The request is larger than it may be.");

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status413PayloadTooLarge, HasStarted: false })
            {
                await Write(context, StatusCodes.Status413PayloadTooLarge, s_tooLarge.Code, s_tooLarge.Sentence);   // set without an exception where a body is read for an endpoint
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;   // no one reads it
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            (int status, string code, string sentence) = Describe(failure);
            await Write(context, status, code, sentence);
        }
    }

    /// <summary>Answers with an error.</summary>
    public static Task Write(HttpContext context, int status, string code, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(new ErrorDetail(code, sentence)), CancellationToken.None);
    }

    private (int Status, string Code, string Sentence) Describe(Exception failure)
    {
        switch (failure)
        {
            case RequestRefusedException refused:
                return (refused.Status, refused.Code, refused.Message);
            case InputRefusedException refused:
                return (StatusCodes.Status422UnprocessableEntity, refused.Code, paths.Hide(refused.Message));
            case StudyNotWrittenException unwritten:
                return (StatusCodes.Status409Conflict, unwritten.Code, paths.Hide(unwritten.Message));
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return (StatusCodes.Status413PayloadTooLarge, s_tooLarge.Code, s_tooLarge.Sentence);
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return (StatusCodes.Status415UnsupportedMediaType, "KH7004", "The body must be JSON (Content-Type: application/json).");
            case BadHttpRequestException bad:
                return (StatusCodes.Status400BadRequest, "KH7004", "The request's fields or body cannot be read: a field is missing, of another type, or no JSON. The fields of each request stand in /api/openapi.json.");
            case OperationCanceledException:
                return (StatusCodes.Status503ServiceUnavailable, "KH7007", "The server is stopping.");
            default:
                faults.Report(failure);
                return (StatusCodes.Status500InternalServerError, "KH7099", "Something went wrong in Keyhole itself; the server's own messages say what.");
        }
    }
}
