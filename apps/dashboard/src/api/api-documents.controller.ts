import { Controller, Get } from '@nestjs/common';
import { apiRoutes } from './api-routes.ts';
import { asyncApiDocument } from './asyncapi-document.ts';
import { openApiDocument } from './openapi-document.ts';

/** Of the interface: grows with every change that a program could notice. */
const version = '1.0.0';

/** The interface's description of itself. */
@Controller('api')
export class ApiDocumentsController {
  @Get('openapi.json')
  openApi(): object {
    return openApiDocument(apiRoutes, version);
  }

  @Get('asyncapi.json')
  asyncApi(): object {
    return asyncApiDocument(version);
  }
}
