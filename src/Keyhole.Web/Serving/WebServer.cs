using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Keyhole.Engine;
using Keyhole.Studies;
using Keyhole.Web.Annotating;
using Keyhole.Web.Memories;
using Keyhole.Web.Overview;
using Keyhole.Web.Searching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Keyhole.Web.Serving;

/// <summary>The web application of one study.</summary>
public sealed class WebServer : IAsyncDisposable
{
    /// <summary>Bytes of a request's body, unless an endpoint says otherwise.</summary>
    public const int MostBodyBytes = 1 << 20;

    private const int MostConnections = 256;
    private const int MostLineBytes = 1 << 16;   // of an address: long ones are refused by the server, with a sentence, not by Kestrel without one

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly StudyPool _studies;
    private readonly ModelRunner _models;

    private WebServer(WebApplication app, StudyPool studies, ModelRunner models, string? token)
    {
        (_app, _studies, _models) = (app, studies, models);
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Address = new UriBuilder(bound) { Host = bound.Host is "0.0.0.0" or "[::]" ? Dns.GetHostName() : bound.Host, Query = token is null ? null : "token=" + token }.Uri;
    }

    /// <summary>The link to open, with its token where one is needed.</summary>
    public Uri Address { get; }

    /// <summary>The model, which may still be loading.</summary>
    public ModelRunner Models => _models;

    /// <summary>Starts to serve a study.</summary>
    /// <param name="options">What, where and to whom.</param>
    /// <param name="tellFault">Told faults of the program itself, which the browser is not told.</param>
    /// <param name="stop">Stops starting.</param>
    /// <exception cref="InputRefusedException">KH7001: the port or address cannot be listened on; KH5101 to KH5105: no study.</exception>
    public static async Task<WebServer> Start(WebOptions options, Action<Exception> tellFault, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(tellFault);
        ServedPaths paths;
        using (Study study = Study.Open(options.Study))   // refused before anything listens
        {
            paths = new ServedPaths(study, options);
        }

        var studies = new StudyPool(options.Study);
        var models = new ModelRunner(options.Study, options.Model, options.Threads, paths);
        try
        {
            string? token = IPAddress.IsLoopback(options.Host) ? null : AccessToken.Make();
            WebApplication app = Build(options, studies, models, paths, new FaultLog(tellFault), token);
            await Listen(app, options, stop);
            _ = app.Services.GetRequiredService<StudyCache<MemoryNumbers>>().Get(CancellationToken.None);   // so that the first page finds it made
            var server = new WebServer(app, studies, models, token);
            await AnswerOnce(options.Host, server.Address, stop);
            return server;
        }
        catch
        {
            models.Dispose();
            studies.Dispose();
            throw;
        }
    }

    /// <summary>Stops: open requests are cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            await _app.StopAsync(patience.Token);
        }

        await _app.DisposeAsync();
        _models.Dispose();
        _studies.Dispose();
    }

    // An empty builder: no settings file, variable or folder of the machine configures the server.
    private static WebApplication Build(WebOptions options, StudyPool studies, ModelRunner models, ServedPaths paths, FaultLog faults, string? token)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "keyhole" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.Services.AddRouting();
        builder.Services.AddOpenApi(document => document.AddDocumentTransformer((about, _, _) =>
        {
            (about.Info.Title, about.Info.Version) = ("Keyhole", "1");
            about.Servers?.Clear();
            return Task.CompletedTask;
        }));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => AnswerJson.Adapt(json.SerializerOptions));
        builder.Services.AddSingleton(studies).AddSingleton(models).AddSingleton(paths).AddSingleton(faults);
        builder.Services.AddSingleton<MemoryCaches>().AddSingleton<SearchGate>().AddSingleton<AnnotationDesk>();
        builder.Services.AddSingleton(_ => new StudyCache<MemoryNumbers>(studies, MemoryNumbers.Read))
            .AddSingleton(_ => new StudyCache<IReadOnlyList<FigureAnswer>>(studies, FigureEndpoints.Make));
        WebApplication app = builder.Build();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<HostCheck>(options.Host);
        if (token is not null)
        {
            app.UseMiddleware<AccessToken>(token);
        }

        app.UseRouting();
        app.Use((context, next) => QueryFields.Check(context, next));
        Endpoints.Map(app);
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestLineSize = MostLineBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(5));
        kestrel.Listen(options.Host, options.Port);
    }

    // The first answer of a process takes half a second, for what makes answers is compiled then: this one is for nobody.
    private static async Task AnswerOnce(IPAddress host, Uri address, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(s_patience);
        try
        {
            using var client = new TcpClient(host.AddressFamily);
            bool any = host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any);
            await client.ConnectAsync(any ? host.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback : host, address.Port, patience.Token);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n"), patience.Token);
            await stream.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            // The first reader waits a little longer.
        }
    }

    private static async Task Listen(WebApplication app, WebOptions options, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException failure)
        {
            await app.DisposeAsync();
            throw new InputRefusedException("KH7001", string.Create(CultureInfo.InvariantCulture, $"Port {options.Port} of {options.Host} cannot be used: another program may have it. Choose another with --port, or --port 0 for any that is free."), failure);
        }
        catch (SocketException failure)
        {
            await app.DisposeAsync();
            throw new InputRefusedException("KH7001", string.Create(CultureInfo.InvariantCulture, $"{options.Host}, port {options.Port}, cannot be listened on: {failure.Message}. Give an address of this machine with --host."), failure);
        }
    }
}
