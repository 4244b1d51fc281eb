namespace Opsmeter.Web.Components.Pages;

/// <summary>What pages log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Page} could not {Action}")]
    public static partial void PageFailed(ILogger logger, string page, string action, Exception error);
}
