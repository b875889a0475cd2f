using System.Collections.Concurrent;
using Keyhole.Pages.Tests;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(PageFixture))]

namespace Keyhole.Pages.Tests;

/// <summary>One study, one server and one chromium for all tests of the application; take it as a constructor's parameter.</summary>
public sealed class PageFixture : IAsyncLifetime
{
    /// <summary>Milliseconds to wait on a busy machine.</summary>
    public const float Patience = 60_000;

    private readonly Lazy<Task<ServedStudy>> _served = new(() => Task.Run(() => new ServedStudy()));   // not where the tests that run need none
    private readonly Lazy<Task<WebServer>> _server;
    private readonly Browser _browser = new();

    public PageFixture() => _server = new(async () =>
    {
        WebServer server = await (await _served.Value).Serve();
        await server.Models.Loaded;
        return server;
    });

    /// <summary>Where pictures of pages are kept, to be looked at.</summary>
    public static string Screens { get; } = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "..", "screens")).FullName;

    /// <summary>The study, and more servers of it.</summary>
    public Task<ServedStudy> Served => _served.Value;

    /// <summary>The common server.</summary>
    public Task<WebServer> Server => _server.Value;

    public ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        return _browser.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_served.IsValueCreated)
        {
            await (await _served.Value).DisposeAsync();
        }
    }

    /// <summary>Skips the test with a sentence where there is no chromium.</summary>
    public void RequireBrowser() => _browser.Require();

    /// <summary>Opens an address of the common server, or of anything else where it is a whole one; the test is skipped with a sentence where there is no chromium.</summary>
    /// <param name="address">Such as <c>/L3N12</c>.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="dark">Whether the system asks for dark pages.</param>
    /// <param name="server">Another server.</param>
    public async Task<OpenPage> Open(string address, int width = 1280, int height = 900, bool dark = false, WebServer? server = null)
    {
        IBrowser chromium = _browser.Require();
        Uri root = Uri.TryCreate(address, UriKind.Absolute, out Uri? whole) && whole.Scheme == "file" && address.StartsWith("file:", StringComparison.Ordinal) ? whole : new Uri((server ?? await Server).Address, "/");
        IBrowserContext context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = root.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        var page = new OpenPage(context, await context.NewPageAsync());
        await page.Go(address);
        return page;
    }
}

/// <summary>A page that is open, and all that it complained about.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    internal OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue(error);
    }

    /// <summary>The page, to be used as a person would.</summary>
    public IPage Page { get; }

    /// <summary>Goes to an address and waits until its page is shown.</summary>
    public async Task Go(string address)
    {
        await Page.GotoAsync(address);
        await Shown();
    }

    /// <summary>Waits until the page that was asked for is shown. (Playwright's waiting for a function needs <c>unsafe-eval</c>, which pages do not allow.)</summary>
    public async Task Shown()
    {
        try
        {
            await Page.Locator("html[data-page='shown']").WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{Page.Url} was not shown: {string.Join("; ", _complaints)}");
        }
    }

    /// <summary>Keeps a picture of the whole page, after seeing that it does not scroll sideways.</summary>
    /// <param name="name">Its name.</param>
    public async Task Picture(string name)
    {
        Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), $"{name}: the page scrolls sideways");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(PageFixture.Screens, name + ".png"), FullPage = true });
    }

    /// <summary>Sees that the page complained about nothing.</summary>
    public void ComplainedOfNothing() => Assert.Empty(_complaints);

    /// <summary>What it complained about so far.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public ValueTask DisposeAsync() => new(_context.CloseAsync());
}
