using System.CommandLine;
using System.Net;
using Keyhole.Web.Serving;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole serve</c>: the web application of a study.</summary>
internal sealed class ServeCommand : KeyholeCommand
{
    private const int SchemaVersion = 1;
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string?> _model = new("--model", "-m") { Description = "Where the study's model is now. Default: where it was; without it everything is shown but what must be computed.", HelpName = "MODEL" };
    private readonly Option<int> _port = new("--port", "-p") { Description = "Port; 0 for any that is free.", HelpName = "PORT", DefaultValueFactory = _ => WebOptions.DefaultPort };
    private readonly Option<string?> _host = new("--host") { Description = "Address to listen on, such as 0.0.0.0 for all of this machine. Any but a loopback address needs the token in the link that is printed. Default: 127.0.0.1.", HelpName = "ADDRESS" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public ServeCommand()
        : base("serve", "Opens a study in the browser: memories, prompts, interventions, search, annotation. Runs until ctrl-C.",
            "keyhole serve mini.study",
            "keyhole serve wiki.study --model /models/smollm2 --port 9000",
            "keyhole serve wiki.study --host 0.0.0.0   # others open the link with its token")
    {
        Add(_study);
        _port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int port) && port is < 0 or > 65_535)
            {
                result.AddError("--port must be 0 to 65535.");
            }
        });
        foreach (Option option in (Option[])[_model, _port, _host, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string host = options.GetValue(_host) ?? "127.0.0.1";
        if (!IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out IPAddress? address))
        {
            throw new UsageException($"--host {host}: give an IP address of this machine, such as 127.0.0.1 or 0.0.0.0.");
        }

        var serving = new WebOptions
        {
            Study = options.GetRequiredValue(_study),
            Model = options.GetValue(_model),
            Port = options.GetValue(_port),
            Host = address,
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        Serve(serving, console, stop).GetAwaiter().GetResult();
        return ExitCode.Done;   // a server has no other end than being stopped
    }

    private static async Task Serve(WebOptions options, CommandConsole console, CancellationToken stop)
    {
        await using WebServer server = await WebServer.Start(options, fault => console.Note($"A request failed: {fault}"), stop);
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json => json.WriteString("address", server.Address.AbsoluteUri));
        }
        else
        {
            console.Output.WriteLine($"{options.Study}: {server.Address.AbsoluteUri}");
        }

        console.Flush();
        console.Note("ctrl-C stops the server.");
        if (server.Models.HasModel)
        {
            await Report(server.Models, console, stop);
        }
        else
        {
            console.Note(server.Models.Reason!);
        }

        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            console.Note("The server has stopped.");
        }
    }

    // A model that is refused is told here too: the pages go on without it.
    private static async Task Report(ModelRunner models, CommandConsole console, CancellationToken stop)
    {
        try
        {
            await models.Loaded.WaitAsync(stop);
            console.Note("The model is loaded.");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The server is being stopped.
        }
        catch (Exception) when (models.Reason is { } reason)
        {
            console.Note(reason);
        }
    }
}
