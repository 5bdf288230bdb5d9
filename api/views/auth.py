from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from api import tokens
from api.authentication import ApiToken
from api.serializers import SignInInput, TokenSerializer
from api.throttles import SignInPerAddress


class TokenView(APIView):
    """Signs a program in. Wrong passwords count towards the same lock-out as on the sign-in page."""

    authentication_classes = ()
    permission_classes = ()
    throttle_classes = (SignInPerAddress,)

    @extend_schema(summary="登录，取得令牌", request=SignInInput, responses=TokenSerializer, auth=[])
    def post(self, request):
        body = SignInInput(data=request.data)
        body.is_valid(raise_exception=True)
        token, text = tokens.sign_in(request._request, **body.validated_data)
        return Response(TokenSerializer({"token": text, "expiry": token.expiry}).data)


class LogoutView(APIView):
    authentication_classes = (ApiToken,)

    @extend_schema(summary="退出，令牌立即失效", request=None, responses={204: OpenApiResponse(description="已退出")})
    def post(self, request):
        tokens.sign_out(request.auth, by=request.user)
        return Response(status=204)
