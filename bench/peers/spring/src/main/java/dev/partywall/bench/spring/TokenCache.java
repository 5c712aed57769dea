package dev.partywall.bench.spring;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Caches verified tokens until they expire. Spring Security has no such cache; a team would add one
 * after measuring the cost of signature verification.
 */
@Configuration(proxyBeanMethods = false)
@Profile("token-cache")
class TokenCache {
  @Bean
  JwtDecoder cachingDecoder(
      @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri}") String issuer,
      @Value("${spring.security.oauth2.resourceserver.jwt.audiences}") String audience) {
    var decoder = new SupplierJwtDecoder(() -> verifyingDecoder(issuer, audience));
    var tokens =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfter(Expiry.creating((String _, Jwt token) -> lifetime(token)))
            .build(decoder::decode);
    return tokens::get;
  }

  private static JwtDecoder verifyingDecoder(String issuer, String audience) {
    var decoder = NimbusJwtDecoder.withIssuerLocation(issuer).build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(issuer), new JwtAudienceValidator(audience)));
    return decoder;
  }

  private static Duration lifetime(Jwt token) {
    return Duration.between(Instant.now(), token.getExpiresAt());
  }
}
