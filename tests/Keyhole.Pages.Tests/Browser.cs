using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>One chromium for all tests; null where none is installed.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; the test is skipped with a sentence where there is none.</summary>
    public IBrowser Require()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"There is no {Chromium} on this machine: pages are not opened (apt-get install chromium).");
        return _browser!;
    }

    public async ValueTask InitializeAsync()
    {
        if (File.Exists(Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
                Timeout = 120_000,
            });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
