using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>What happened in a range that may explain its spend.</summary>
/// <param name="Spikes">Its spikes, oldest first.</param>
/// <param name="Deploys">Prompt versions that appeared in it, oldest first; of many, those that cost most since.</param>
/// <param name="Drivers">What drove the latest spike, in the order of dimensions in which one asks; empty without one.</param>
public sealed record SpendTimeline(IReadOnlyList<SpendSpike> Spikes, IReadOnlyList<Deploy> Deploys, IReadOnlyList<SpikeDriver> Drivers);

/// <summary>A prompt version that appeared on an endpoint which had requests before.</summary>
/// <param name="EndpointTag">The endpoint.</param>
/// <param name="PromptVersion">The version.</param>
/// <param name="At">When its first request occurred.</param>
public sealed record Deploy(string EndpointTag, string PromptVersion, DateTimeOffset At);

/// <summary>A value that rose in a spike.</summary>
/// <param name="Dimension">What it is a value of.</param>
/// <param name="Driver">What it added.</param>
/// <param name="Trend">Its dollars column by column over the range.</param>
/// <param name="FirstSeen">When it appeared, for a prompt version that did in the two days before the spike or in it.</param>
public sealed record SpikeDriver(Dimension Dimension, Driver Driver, IReadOnlyList<decimal> Trend, DateTimeOffset? FirstSeen);
