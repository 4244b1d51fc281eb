using AwesomeAssertions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class SpendViewTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?from=now-30d")]
    [InlineData("?from=now-7d&to=now%2Fd")]
    [InlineData("?compare=week&environment=all&data=test")]
    [InlineData("?endpoint=chat.reply&endpoint=%3Cb%3E%26&tenant=acme&version=v14")]
    public void ToQuery_OfWhatWasRead_IsTheSameAddress(string query)
    {
        var view = SpendView.Parse("http://localhost:5080/endpoints" + query);

        view.ToQuery().Should().Be(query);
        SpendView.Parse(view.ToQuery()).Should().Be(view);
    }

    [Theory]
    [InlineData("?environment=moon&data=1&compare=2")]
    [InlineData("?from=&endpoint=&user=#from=now-1h")]
    public void Parse_WhatIsNotKnown_IsAsIfItWereNotThere(string query) => SpendView.Parse(query).Should().Be(SpendView.Usual);

    [Fact]
    public void With_AnotherValue_TakesThePlaceOfTheFirst()
    {
        var view = SpendView.Usual.With(Dimension.TenantId, "acme").With(Dimension.EndpointTag, "chat").With(Dimension.TenantId, "initech");

        view.ToQuery().Should().Be("?endpoint=chat&tenant=initech");
        view.Without(Dimension.TenantId).ToQuery(("by", "model"), ("sort", null)).Should().Be("?endpoint=chat&by=model");
    }

    [Fact]
    public void Also_AndWithout_AddAndTakeOneValueOfADimension()
    {
        var view = SpendView.Usual.Also(Dimension.TenantId, "acme").Also(Dimension.TenantId, "initech").Also(Dimension.TenantId, "acme");

        view.ToQuery().Should().Be("?tenant=acme&tenant=initech", "a value is not there twice");
        view.Without(Dimension.TenantId, "acme").ToQuery().Should().Be("?tenant=initech");
        view.Without(Dimension.TenantId, "acme").Without(Dimension.TenantId, "initech").Should().Be(SpendView.Usual);
    }
}
